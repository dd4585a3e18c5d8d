// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jsmpp.PDUStringException;
import org.jsmpp.bean.BroadcastSm;
import org.jsmpp.bean.CancelBroadcastSm;
import org.jsmpp.bean.CancelSm;
import org.jsmpp.bean.DataSm;
import org.jsmpp.bean.QueryBroadcastSm;
import org.jsmpp.bean.QuerySm;
import org.jsmpp.bean.ReplaceSm;
import org.jsmpp.bean.SubmitMulti;
import org.jsmpp.bean.SubmitSm;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.session.BindRequest;
import org.jsmpp.session.BroadcastSmResult;
import org.jsmpp.session.DataSmResult;
import org.jsmpp.session.QueryBroadcastSmResult;
import org.jsmpp.session.QuerySmResult;
import org.jsmpp.session.SMPPServerSession;
import org.jsmpp.session.SMPPServerSessionListener;
import org.jsmpp.session.ServerMessageReceiverListener;
import org.jsmpp.session.Session;
import org.jsmpp.session.SubmitMultiResult;
import org.jsmpp.session.SubmitSmResult;
import org.jsmpp.util.MessageId;

/** A jSMPP server that takes every bind and counts how often it was given each text. */
final class CountingSmsc implements AutoCloseable, ServerMessageReceiverListener {

    private static final int COMMAND_NOT_KNOWN = 0x03;

    private final int port;
    private final SMPPServerSessionListener listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final long answersAfterMillis;

    CountingSmsc(long answersAfterMillis) throws IOException {
        this.answersAfterMillis = answersAfterMillis;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
        this.listener = new SMPPServerSessionListener(port);
        threads.submit(this::acceptBinds);
    }

    int port() {
        return port;
    }

    /** Texts, and how often each came. */
    Map<String, Integer> seen() {
        return Map.copyOf(seen);
    }

    private void acceptBinds() {
        try {
            while (true) {
                SMPPServerSession session = listener.accept();
                session.setMessageReceiverListener(this);
                threads.submit(() -> acceptBind(session));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void acceptBind(SMPPServerSession session) {
        try {
            BindRequest request = session.waitForBind(10_000);
            request.accept("counting");
        } catch (Exception e) {
            session.close();
        }
    }

    @Override
    public SubmitSmResult onAcceptSubmitSm(SubmitSm submit, SMPPServerSession source) throws ProcessRequestException {
        seen.merge(new String(submit.getShortMessage(), StandardCharsets.US_ASCII), 1, Integer::sum);
        try {
            Thread.sleep(answersAfterMillis);
            return new SubmitSmResult(new MessageId(Long.toString(ids.incrementAndGet())), null);
        } catch (InterruptedException | PDUStringException e) {
            throw new ProcessRequestException("stopped", 0x08);
        }
    }

    @Override
    public SubmitMultiResult onAcceptSubmitMulti(SubmitMulti submit, SMPPServerSession source)
            throws ProcessRequestException {
        throw notKnown();
    }

    @Override
    public QuerySmResult onAcceptQuerySm(QuerySm query, SMPPServerSession source) throws ProcessRequestException {
        throw notKnown();
    }

    @Override
    public void onAcceptReplaceSm(ReplaceSm replace, SMPPServerSession source) throws ProcessRequestException {
        throw notKnown();
    }

    @Override
    public void onAcceptCancelSm(CancelSm cancel, SMPPServerSession source) throws ProcessRequestException {
        throw notKnown();
    }

    @Override
    public BroadcastSmResult onAcceptBroadcastSm(BroadcastSm broadcast, SMPPServerSession source)
            throws ProcessRequestException {
        throw notKnown();
    }

    @Override
    public void onAcceptCancelBroadcastSm(CancelBroadcastSm cancel, SMPPServerSession source)
            throws ProcessRequestException {
        throw notKnown();
    }

    @Override
    public QueryBroadcastSmResult onAcceptQueryBroadcastSm(QueryBroadcastSm query, SMPPServerSession source)
            throws ProcessRequestException {
        throw notKnown();
    }

    @Override
    public DataSmResult onAcceptDataSm(DataSm data, Session source) throws ProcessRequestException {
        throw notKnown();
    }

    private static ProcessRequestException notKnown() {
        return new ProcessRequestException("not known", COMMAND_NOT_KNOWN);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
