// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import org.jspecify.annotations.Nullable;

/**
 * One protocol data unit.
 *
 * @param command {@code command_id}; a response is its request with the highest bit set
 * @param status {@code command_status}, 0 in requests
 * @param sequence {@code sequence_number}; a response repeats it
 */
record Pdu(int command, int status, int sequence, Body body) {

    /** What follows the header. */
    sealed interface Body permits Bind, Answer, ShortMessage, Empty, Unreadable {}

    /** A request to bind. The password is not shown. */
    record Bind(
            String systemId,
            String password,
            String systemType,
            int interfaceVersion,
            int ton,
            int npi,
            String addressRange)
            implements Body {
        @Override
        public String toString() {
            return "Bind[" + systemId + "]";
        }
    }

    /** The response to a bind ({@code id} is the peer's system id), a submit or a delivery (it is the message id). */
    record Answer(String id, Tlvs tlvs) implements Body {}

    /** A PDU that is only its header, or one that is of no interest beyond it. */
    record Empty() implements Body {
        static final Empty BODY = new Empty();
    }

    /** The frame is right and the body is not. */
    record Unreadable() implements Body {
        static final Unreadable BODY = new Unreadable();
    }

    /**
     * A number or name with its type and plan, as on the wire.
     *
     * <p>Privacy: {@link #toString()} does not show the value.
     */
    record Endpoint(int ton, int npi, String value) {
        @Override
        public String toString() {
            return ton + "/" + npi + "/***";
        }
    }

    static Pdu request(int command, int sequence, Body body) {
        return new Pdu(command, Status.OK, sequence, body);
    }

    static Pdu response(int command, int status, int sequence, Body body) {
        return new Pdu(Command.responseTo(command), status, sequence, body);
    }

    /** The response's body when it has one that can be read; some peers leave it out with an error. */
    @Nullable
    Answer answer() {
        return body instanceof Answer answer ? answer : null;
    }
}
