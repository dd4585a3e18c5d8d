// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import java.util.List;
import java.util.Set;

/** What tenants' systems can be told of, each with a JSON Schema in {@code schema/webhooks}. */
public final class EventTypes {

    /** Sent by a test of an endpoint only; nobody need ask for it. */
    public static final String TEST = "webhook.test";

    /** In the order in which a message lives. */
    public static final List<String> ALL = List.of(
            "message.accepted",
            "message.scheduled",
            "message.queued",
            "message.submitted",
            "message.uncertain",
            "message.delivered",
            "message.undelivered",
            "message.failed",
            "message.expired",
            "message.rejected",
            "message.unknown",
            "message.cancelled",
            "message.received",
            "recipient.opted_out",
            "recipient.opted_in",
            "consent.recorded",
            "consent.withdrawn",
            "privacy.erased");

    /** Fields of {@code data} without which an event says nothing. */
    static final Set<String> ALWAYS = Set.of("id", "status");

    /** All other fields of {@code data}, of whichever type. */
    static final Set<String> FIELDS = Set.of(
            "acceptedAt",
            "carrierCode",
            "complete",
            "endpointId",
            "erasedAt",
            "expiresAt",
            "failureClass",
            "final",
            "givenAt",
            "givenBy",
            "inboundMessageId",
            "meaning",
            "messageClass",
            "messageId",
            "parts",
            "partsDelivered",
            "purpose",
            "receivedAt",
            "recipientId",
            "scheduledFor",
            "sender",
            "source",
            "test",
            "to");

    private EventTypes() {}
}
