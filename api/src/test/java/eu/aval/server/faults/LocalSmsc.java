// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.bean.BroadcastSm;
import org.jsmpp.bean.CancelBroadcastSm;
import org.jsmpp.bean.CancelSm;
import org.jsmpp.bean.DataCodings;
import org.jsmpp.bean.DataSm;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.QueryBroadcastSm;
import org.jsmpp.bean.QuerySm;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.ReplaceSm;
import org.jsmpp.bean.SubmitMulti;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.extra.ResponseTimeoutException;
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

/** A jSMPP server on a free port, which knows of submit_sm and nothing else; binds and submits are what a test makes of them. */
abstract class LocalSmsc implements ServerMessageReceiverListener, AutoCloseable {

    private static final int COMMAND_NOT_KNOWN = 0x03;

    /** For an answer: a machine may stand still for seconds, and no test is about that. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final int port;
    private final SMPPServerSessionListener listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<SMPPServerSession> sessions = new CopyOnWriteArrayList<>();

    LocalSmsc() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
        this.listener = new SMPPServerSessionListener(port);
        threads.submit(this::acceptBinds);
    }

    public int port() {
        return port;
    }

    boolean isBound() {
        return bound().isPresent();
    }

    /** Answers a bind; whether it was taken. */
    boolean answer(BindRequest request) throws PDUException, IOException {
        request.accept("local");
        return true;
    }

    /** Delivers a short message, and returns when it is acknowledged. */
    void deliver(String from, TypeOfNumber toType, String to, byte type, byte[] octets, OptionalParameter... parameters)
            throws IOException {
        SMPPServerSession session = bound().orElseThrow(() -> new IOException("Nobody is bound"));
        try {
            session.deliverShortMessage(
                    "",
                    TypeOfNumber.INTERNATIONAL,
                    NumberingPlanIndicator.ISDN,
                    from,
                    toType,
                    NumberingPlanIndicator.UNKNOWN,
                    to,
                    new ESMClass(type),
                    (byte) 0,
                    (byte) 0,
                    new RegisteredDelivery(0),
                    DataCodings.ZERO,
                    octets,
                    parameters);
        } catch (PDUException | ResponseTimeoutException | InvalidResponseException | NegativeResponseException e) {
            throw new IOException(e);
        }
    }

    /** The classic form of a receipt: everything in the text. */
    static byte[] receiptText(String id, String state) {
        return ("id:" + id + " sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:" + state
                        + " err:000 text:")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private Optional<SMPPServerSession> bound() {
        return sessions.stream()
                .filter(each -> each.getSessionState().isBound())
                .findFirst();
    }

    private void acceptBinds() {
        try {
            while (true) {
                SMPPServerSession session = listener.accept();
                session.setMessageReceiverListener(this);
                session.setTransactionTimer(PATIENCE_MILLIS);
                threads.submit(() -> acceptBind(session));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void acceptBind(SMPPServerSession session) {
        try {
            if (answer(session.waitForBind(PATIENCE_MILLIS))) {
                sessions.add(session);
            }
        } catch (Exception e) {
            session.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sessions.forEach(SMPPServerSession::close);
        threads.shutdownNow();
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
}
