// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.Pdu.Endpoint;

/**
 * The body of {@code submit_sm}, {@code deliver_sm} and {@code data_sm}. Fields that are always zero here (protocol id,
 * priority, schedule, replace flag, predefined message) are not kept.
 *
 * <p>Privacy: {@link #toString()} shows neither numbers nor text.
 */
final class ShortMessage implements Pdu.Body {

    /** {@code esm_class}: the text begins with a user data header. */
    static final int HEADER = 0x40;

    private static final byte[] NOTHING = new byte[0];

    private final String serviceType;
    private final Endpoint source;
    private final Endpoint destination;
    private final int esmClass;
    private final String validity;
    private final int registeredDelivery;
    private final int dataCoding;
    private final byte[] octets;
    private final Tlvs tlvs;

    private ShortMessage(
            String serviceType,
            Endpoint source,
            Endpoint destination,
            int esmClass,
            String validity,
            int registeredDelivery,
            int dataCoding,
            byte[] octets,
            Tlvs tlvs) {
        this.serviceType = serviceType;
        this.source = source;
        this.destination = destination;
        this.esmClass = esmClass;
        this.validity = validity;
        this.registeredDelivery = registeredDelivery;
        this.dataCoding = dataCoding;
        this.octets = octets;
        this.tlvs = tlvs;
    }

    static ShortMessage of(Endpoint source, Endpoint destination) {
        return new ShortMessage("", source, destination, 0, "", 0, 0, NOTHING, Tlvs.NONE);
    }

    ShortMessage withServiceType(String value) {
        return new ShortMessage(
                value, source, destination, esmClass, validity, registeredDelivery, dataCoding, octets, tlvs);
    }

    ShortMessage withEsmClass(int value) {
        return new ShortMessage(
                serviceType, source, destination, value, validity, registeredDelivery, dataCoding, octets, tlvs);
    }

    ShortMessage withValidity(String value) {
        return new ShortMessage(
                serviceType, source, destination, esmClass, value, registeredDelivery, dataCoding, octets, tlvs);
    }

    ShortMessage withRegisteredDelivery(int value) {
        return new ShortMessage(serviceType, source, destination, esmClass, validity, value, dataCoding, octets, tlvs);
    }

    ShortMessage withOctets(int coding, byte[] value) {
        return new ShortMessage(
                serviceType, source, destination, esmClass, validity, registeredDelivery, coding, value, tlvs);
    }

    ShortMessage withTlvs(Tlvs value) {
        return new ShortMessage(
                serviceType, source, destination, esmClass, validity, registeredDelivery, dataCoding, octets, value);
    }

    String serviceType() {
        return serviceType;
    }

    Endpoint source() {
        return source;
    }

    Endpoint destination() {
        return destination;
    }

    int esmClass() {
        return esmClass;
    }

    String validity() {
        return validity;
    }

    int registeredDelivery() {
        return registeredDelivery;
    }

    int dataCoding() {
        return dataCoding;
    }

    /** {@code short_message} with its header, if any; not to be changed. */
    byte[] octets() {
        return octets;
    }

    Tlvs tlvs() {
        return tlvs;
    }

    /** About how many octets what is read from it takes. */
    int size() {
        return content().length + source.value().length() + destination.value().length();
    }

    /** The text, wherever it is: {@code message_payload} stands in when {@code short_message} is empty. */
    byte[] content() {
        byte[] payload = octets.length == 0 ? tlvs.find(Tag.MESSAGE_PAYLOAD) : null;
        return payload == null ? octets : payload;
    }

    @Override
    public String toString() {
        return "ShortMessage[" + octets.length + " octets, data_coding " + dataCoding + ", " + tlvs + "]";
    }
}
