// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import eu.aval.server.FreshDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jsmpp.PDUStringException;
import org.jsmpp.bean.MessageType;
import org.jsmpp.bean.SubmitSm;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.session.SMPPServerSession;
import org.jsmpp.session.SubmitSmResult;
import org.jsmpp.util.MessageId;

/** A jSMPP server that takes every bind and counts how often it was given each text. */
public final class CountingSmsc extends LocalSmsc {

    private final Map<String, Integer> seen = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private volatile boolean reportsFirst;
    private final long answersAfterMillis;

    public CountingSmsc(long answersAfterMillis) throws IOException {
        this.answersAfterMillis = answersAfterMillis;
    }

    /**
     * Leads the demo tenant's messages here, and returns when they come. The server needs {@code SMSC_PASSWORD}, which may
     * be anything.
     */
    void take(ServerProcess server, FreshDatabase database) throws IOException {
        UUID account = UUID.randomUUID();
        database.execute(
                "insert into aval.carrier_account (id, name, carrier_id, processing_countries, configuration, secrets)"
                        + " values (?, 'smsc', 'smpp', '{FR}',"
                        + " jsonb_build_object('host', '127.0.0.1', 'port', ?::text, 'system-id', 'aval'),"
                        + " '{\"password\": \"env:SMSC_PASSWORD\"}')",
                account,
                Integer.toString(port()));
        database.execute("update aval.route set carrier_account_id = ?", account);
        String key = server.demo("AVAL_API_KEY");
        // Routes are read again every few seconds; until then the simulator has them
        ServerProcess.await("the first message at the SMSC", () -> {
            try {
                server.send(key, "+33639980000", "probe " + UUID.randomUUID());
                return !seen.isEmpty();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        ServerProcess.await(
                "an empty queue",
                () -> database.number("select count(*) from aval.dispatch") == 0
                        && database.number("select count(*) from aval.attempt where outcome is null") == 0);
    }

    /** Texts, and how often each came. */
    public Map<String, Integer> seen() {
        return Map.copyOf(seen);
    }

    /** Of all that was taken, in the order in which it came. */
    public List<String> ids() {
        return List.copyOf(ids);
    }

    /** From now on a receipt comes before the answer to its submit. */
    void reportsFirst() {
        reportsFirst = true;
    }

    /** From now on it comes when the test says so. */
    public void reportsLater() {
        reportsFirst = false;
    }

    public void awaitBind() {
        ServerProcess.await("a bind", this::isBound);
    }

    /** Delivers a receipt, and returns when it is acknowledged. */
    public void receipt(String id, String state) throws IOException {
        deliver("33612345678", "AVAL", MessageType.SMSC_DEL_RECEIPT.value(), receiptText(id, state));
    }

    /** Delivers what a person wrote, and returns when it is acknowledged. */
    public void inbound(String from, String to, String text) throws IOException {
        deliver(from, to, MessageType.DEFAULT.value(), text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Delivers one part of what a person wrote, and returns when it is acknowledged. */
    public void inboundPart(String from, String to, int reference, int total, int number, String text)
            throws IOException {
        byte[] header = {5, 0, 3, (byte) reference, (byte) total, (byte) number};
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(header, header.length + octets.length);
        System.arraycopy(octets, 0, whole, header.length, octets.length);
        deliver(from, to, (byte) 0x40, whole);
    }

    private void deliver(String from, String to, byte type, byte[] octets) throws IOException {
        deliver(from, TypeOfNumber.UNKNOWN, to, type, octets);
    }

    @Override
    public SubmitSmResult onAcceptSubmitSm(SubmitSm submit, SMPPServerSession source) throws ProcessRequestException {
        seen.merge(new String(submit.getShortMessage(), StandardCharsets.US_ASCII), 1, Integer::sum);
        try {
            Thread.sleep(answersAfterMillis);
            String id = Long.toString(next.incrementAndGet());
            if (reportsFirst) {
                receipt(id, "DELIVRD");
            }
            ids.add(id);
            return new SubmitSmResult(new MessageId(id), null);
        } catch (InterruptedException | PDUStringException | IOException e) {
            throw new ProcessRequestException("stopped", 0x08);
        }
    }
}
