// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static eu.aval.spi.config.ConfigurationProperty.Type.BOOLEAN;
import static eu.aval.spi.config.ConfigurationProperty.Type.DECIMAL;
import static eu.aval.spi.config.ConfigurationProperty.Type.DURATION;
import static eu.aval.spi.config.ConfigurationProperty.Type.INTEGER;
import static eu.aval.spi.config.ConfigurationProperty.Type.SECRET;
import static eu.aval.spi.config.ConfigurationProperty.Type.STRING;
import static eu.aval.spi.config.ConfigurationProperty.choice;
import static eu.aval.spi.config.ConfigurationProperty.optional;
import static eu.aval.spi.config.ConfigurationProperty.required;
import static eu.aval.spi.config.ConfigurationProperty.withDefault;

import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.config.ConfigurationProperty;
import java.util.List;
import java.util.Optional;

/** The settings of an account by name, each with its default and its help; {@link SmppConfiguration} reads them. */
final class SmppSettings {

    static final String HOST = "host";
    static final String PORT = "port";
    static final String SYSTEM_ID = "system-id";
    static final String PASSWORD = "password";
    static final String SYSTEM_TYPE = "system-type";
    static final String INTERFACE_VERSION = "interface-version";
    static final String ADDRESS_RANGE = "address-range";
    static final String BIND_MODE = "bind-mode";
    static final String BINDS = "binds";
    static final String WINDOW = "window";
    static final String PARTS_PER_SECOND = "parts-per-second";

    static final String TLS = "tls";
    static final String TLS_TRUST = "tls-trust";
    static final String TLS_NAME = "tls-name";
    static final String TLS_CERTIFICATE = "tls-certificate";
    static final String TLS_KEY = "tls-key";

    static final String CHARSET = "charset";
    static final String TEXT_CODING = "text-coding";
    static final String CONCATENATION = "concatenation";
    static final String INTERNATIONAL = "international-ton-npi";
    static final String ALPHANUMERIC = "alphanumeric-ton-npi";
    static final String SHORT_CODE = "short-code-ton-npi";
    static final String UNKNOWN = "unknown-ton-npi";
    static final String NUMBER_PREFIX = "number-prefix";
    static final String COUNTRY_CODE = "country-code";
    static final String SERVICE_TYPE = "service-type";
    static final String REGISTERED_DELIVERY = "registered-delivery";
    static final String VALIDITY_FORMAT = "validity-format";

    static final String MESSAGE_ID_FORMAT = "message-id-format";
    static final String RECEIPT_ZONE = "receipt-zone";
    static final String VENDOR_CODES = "vendor-codes";
    static final String RECEIPT_CODES = "receipt-codes";
    static final String INBOUND_ID_TAG = "inbound-id-tag";

    static final String CONNECT_TIMEOUT = "connect-timeout";
    static final String BIND_TIMEOUT = "bind-timeout";
    static final String RESPONSE_TIMEOUT = "response-timeout";
    static final String ENQUIRE_INTERVAL = "enquire-interval";
    static final String ENQUIRE_TIMEOUT = "enquire-timeout";
    static final String QUEUE_SIZE = "queue-size";
    static final String QUEUE_TIMEOUT = "queue-timeout";
    static final String THROTTLE_PAUSE = "throttle-pause";
    static final String RECONNECT_MINIMUM = "reconnect-minimum";
    static final String RECONNECT_MAXIMUM = "reconnect-maximum";
    static final String REFUSED_BIND_PAUSE = "refused-bind-pause";

    static final List<ConfigurationProperty> ALL = List.of(
            required(HOST, STRING, "Name or address of the SMSC; all its addresses are tried in turn."),
            withDefault(PORT, INTEGER, "2775", "TCP port, 1 to 65535; with TLS often 3550."),
            required(SYSTEM_ID, STRING, "Login of the bind, at most 15 characters in the standard."),
            required(PASSWORD, SECRET, "Password of the bind; more than 8 characters work where the SMSC takes them."),
            withDefault(SYSTEM_TYPE, STRING, "", "system_type of the bind; most SMSCs want it empty."),
            choice(INTERFACE_VERSION, "3.4", List.of("3.3", "3.4", "5.0"), "interface_version of the bind."),
            withDefault(ADDRESS_RANGE, STRING, "", "address_range of the bind; most SMSCs want it empty."),
            choice(
                    BIND_MODE,
                    "transceiver",
                    List.of("transceiver", "transmitter-receiver", "transmitter", "receiver"),
                    "One connection both ways, a pair of two, or only one of the pair."),
            withDefault(BINDS, INTEGER, "1", "How many transceivers, or pairs, to keep bound; 1 to 64."),
            withDefault(WINDOW, INTEGER, "10", "Unanswered submit_sm for each bind, 1 to 10000."),
            withDefault(PARTS_PER_SECOND, DECIMAL, "0", "Parts a second over all binds; 0 is no limit."),
            withDefault(TLS, BOOLEAN, "false", "Speak TLS from the first octet; the host name is always verified."),
            optional(TLS_TRUST, STRING, "PEM file of the certificates to trust; the Java trust store otherwise."),
            optional(TLS_NAME, STRING, "Name the certificate must carry, where it is not that of host."),
            optional(TLS_CERTIFICATE, STRING, "PEM file of the client certificate with its chain."),
            optional(TLS_KEY, STRING, "PEM file of the client certificate's key (PKCS#8, not encrypted)."),
            choice(
                    CHARSET,
                    "gsm7",
                    List.of("gsm7", "latin1", "ascii"),
                    "What data_coding 0 means to this SMSC, in both directions."),
            choice(
                    TEXT_CODING,
                    "default",
                    List.of("default", "latin1", "ucs2"),
                    "How a text within GSM-7 is sent: data_coding 0, 3 (Latin-1) or 8 (UCS-2)."),
            choice(
                    CONCATENATION,
                    "udh8",
                    List.of("udh8", "udh16", "sar", "payload"),
                    "How parts belong together: header with 8 or 16-bit reference, SAR parameters, or left to the SMSC."),
            withDefault(INTERNATIONAL, STRING, "1/1", "TON/NPI of numbers in E.164."),
            withDefault(ALPHANUMERIC, STRING, "5/0", "TON/NPI of alphanumeric senders."),
            withDefault(SHORT_CODE, STRING, "3/0", "TON/NPI of short codes."),
            withDefault(UNKNOWN, STRING, "0/0", "TON/NPI of anything else."),
            choice(NUMBER_PREFIX, "none", List.of("none", "plus", "00"), "What stands before an international number."),
            optional(COUNTRY_CODE, STRING, "Country code that completes national numbers of handsets, e.g. 33."),
            withDefault(SERVICE_TYPE, STRING, "", "service_type of messages, at most 5 characters."),
            choice(
                    REGISTERED_DELIVERY,
                    "final",
                    List.of("final", "failure", "intermediate"),
                    "Receipts asked for: final ones, failures only, or final and intermediate."),
            choice(
                    VALIDITY_FORMAT,
                    "relative",
                    List.of("relative", "absolute", "none"),
                    "How validity_period is written; none leaves it to the SMSC."),
            choice(
                    MESSAGE_ID_FORMAT,
                    "auto",
                    List.of("auto", "as-is", "submit-hex-receipt-dec", "submit-dec-receipt-hex"),
                    "How ids in receipts differ from those answered to submits."),
            withDefault(RECEIPT_ZONE, STRING, "UTC", "Time zone of the dates in receipts, e.g. Europe/Paris."),
            withDefault(
                    VENDOR_CODES,
                    STRING,
                    "",
                    "Meaning of command_status values, e.g. 0x400=UNAVAILABLE,0x401=CONTENT_INVALID."),
            withDefault(
                    RECEIPT_CODES, STRING, "", "Meaning of err: values in receipts, e.g. 3=UNREACHABLE,53=OPTED_OUT."),
            withDefault(
                    INBOUND_ID_TAG,
                    STRING,
                    "",
                    "Tag of the optional parameter with the id of an inbound message, e.g. 0x1402."),
            withDefault(CONNECT_TIMEOUT, DURATION, "PT10S", "Until a connection stands."),
            withDefault(BIND_TIMEOUT, DURATION, "PT10S", "Until a bind is answered."),
            withDefault(RESPONSE_TIMEOUT, DURATION, "PT10S", "Until a submit is answered; then it is uncertain."),
            withDefault(ENQUIRE_INTERVAL, DURATION, "PT30S", "Silence after which enquire_link is sent."),
            withDefault(ENQUIRE_TIMEOUT, DURATION, "PT10S", "Until enquire_link is answered; then reconnect."),
            withDefault(QUEUE_SIZE, INTEGER, "1000", "Messages that may wait for room in a window."),
            withDefault(QUEUE_TIMEOUT, DURATION, "PT5S", "How long one may wait there before it is throttled."),
            withDefault(THROTTLE_PAUSE, DURATION, "PT1S", "Pause after the SMSC said it is too fast."),
            withDefault(RECONNECT_MINIMUM, DURATION, "PT1S", "First pause before reconnecting; it doubles."),
            withDefault(RECONNECT_MAXIMUM, DURATION, "PT1M", "Longest pause before reconnecting."),
            withDefault(
                    REFUSED_BIND_PAUSE,
                    DURATION,
                    "PT1M",
                    "Pause after refused credentials, meanwhile the account is on hold."));

    private SmppSettings() {}

    /**
     * A value that is required or has a default.
     *
     * @throws IllegalArgumentException if it is absent
     */
    static String value(CarrierConfiguration from, String name) {
        return from.find(name).or(() -> defaultOf(name)).orElseThrow(() -> missing(name));
    }

    static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("Setting " + name + " is missing");
    }

    private static Optional<String> defaultOf(String name) {
        for (ConfigurationProperty property : ALL) {
            if (property.name().equals(name)) {
                return Optional.ofNullable(property.defaultValue());
            }
        }
        return Optional.empty();
    }
}
