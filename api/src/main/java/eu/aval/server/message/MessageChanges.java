// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message;

import eu.aval.server.outbox.Outbox;

/**
 * How changes of messages reach the outbox: as a part of the statement that makes them, whoever makes them. A statement
 * that moves messages returns {@link #MOVED} as {@code moved}, and {@link #TELL} follows.
 */
public final class MessageChanges {

    /** What an update of {@code aval.message m} returns. */
    public static final String MOVED = """
            m.id, m.tenant_id, m.subject_id, m.status, m.status_at, m.accepted_at, m.send_at, m.parts, m.parts_delivered,
            m.simulated, m.failure_class, m.carrier_code""";

    private static final String DATA = """
            jsonb_strip_nulls(jsonb_build_object('id', m.id, 'status', m.status,
              'final', m.status not in ('SCHEDULED', 'QUEUED', 'SUBMITTED', 'ENROUTE', 'UNCERTAIN'),
              'acceptedAt', aval.rfc3339(m.accepted_at), 'scheduledFor', aval.rfc3339(m.send_at), 'recipientId', m.subject_id,
              'parts', m.parts, 'partsDelivered', m.parts_delivered, 'test', m.simulated, 'failureClass', m.failure_class,
              'carrierCode', m.carrier_code))""";

    /** Messages on their way from the carrier to the handset are not told of: nothing follows from it. */
    private static final String TYPES = """
            (values ('SCHEDULED', 'message.scheduled'), ('QUEUED', 'message.queued'), ('SUBMITTED', 'message.submitted'), ('UNCERTAIN', 'message.uncertain'),
              ('DELIVERED', 'message.delivered'), ('PARTIALLY_DELIVERED', 'message.undelivered'),
              ('UNDELIVERED', 'message.undelivered'), ('EXPIRED', 'message.expired'), ('REJECTED', 'message.rejected'),
              ('UNKNOWN', 'message.unknown'), ('BLOCKED', 'message.failed'), ('CANCELLED', 'message.cancelled')
            ) as t(status, type)""";

    /** Writes down that the messages of {@code moved} have moved. */
    public static final String TELL = Outbox.INSERT + "select m.tenant_id, m.subject_id, t.type, m.status_at, " + DATA
            + " from moved m join " + TYPES + " on t.status = m.status where " + Outbox.isListenedTo("m.tenant_id");

    /** Writes down that the messages of {@code accepted} have been accepted at {@code $7}, for tenant {@code $1}. */
    public static final String TELL_ACCEPTED =
            Outbox.INSERT + "select $1, m.subject_id, t.type, $7, " + DATA + """
             from (
              select id, subject_id, status, $7::timestamptz as accepted_at, send_at, parts, 0 as parts_delivered, simulated,
                null as failure_class, null as carrier_code
              from accepted) m
            join (values ('message.accepted'), ('message.scheduled')) as t(type)
              on t.type = 'message.accepted' or m.status = 'SCHEDULED'
            where\s""" + Outbox.isListenedTo("$1");

    /** Of a verdict that defers, as an SQL expression over {@code verdict} and {@code until}: what its event tells. */
    public static final String DEFERRAL = """
            jsonb_strip_nulls(jsonb_build_object('until', until, 'code', 'OUTSIDE_HOURS',
              'rule', verdict -> 'grounds' -> 'rules' -> 'decisive', 'rulePack', verdict -> 'grounds' -> 'rules' -> 'pack',
              'zone', verdict -> 'grounds' -> 'rules' -> 'zone', 'window', verdict -> 'grounds' -> 'rules' -> 'window'))""";

    private MessageChanges() {}
}
