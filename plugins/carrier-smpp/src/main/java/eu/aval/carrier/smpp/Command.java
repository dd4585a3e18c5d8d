// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

/** The {@code command_id}s this connector knows. */
final class Command {

    static final int BIND_RECEIVER = 0x01;
    static final int BIND_TRANSMITTER = 0x02;
    static final int SUBMIT_SM = 0x04;
    static final int DELIVER_SM = 0x05;
    static final int UNBIND = 0x06;
    static final int BIND_TRANSCEIVER = 0x09;
    static final int OUTBIND = 0x0B;
    static final int ENQUIRE_LINK = 0x15;
    static final int ALERT_NOTIFICATION = 0x102;
    static final int DATA_SM = 0x103;
    static final int GENERIC_NACK = 0x80000000;

    private static final int RESPONSE = 0x80000000;

    static final int BIND_RECEIVER_RESP = BIND_RECEIVER | RESPONSE;
    static final int BIND_TRANSMITTER_RESP = BIND_TRANSMITTER | RESPONSE;
    static final int BIND_TRANSCEIVER_RESP = BIND_TRANSCEIVER | RESPONSE;
    static final int SUBMIT_SM_RESP = SUBMIT_SM | RESPONSE;
    static final int DELIVER_SM_RESP = DELIVER_SM | RESPONSE;
    static final int DATA_SM_RESP = DATA_SM | RESPONSE;
    static final int UNBIND_RESP = UNBIND | RESPONSE;
    static final int ENQUIRE_LINK_RESP = ENQUIRE_LINK | RESPONSE;

    private Command() {}

    static int responseTo(int command) {
        return command | RESPONSE;
    }

    static boolean isResponse(int command) {
        return (command & RESPONSE) != 0;
    }
}
