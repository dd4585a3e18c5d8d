// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.bean.DataCodings;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.MessageType;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.SubmitSm;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.jsmpp.session.SMPPServerSession;
import org.jsmpp.session.SMPPServerSessionListener;
import org.jsmpp.session.SubmitSmResult;
import org.jsmpp.util.MessageId;

/** A jSMPP server that answers submits as a test wants, and delivers a receipt when the test says so. */
final class ScriptedSmsc extends SubmitsOnly implements AutoCloseable {

    static final byte DELIVERED = 2;

    /** The id that a submit is answered with. May take its time. */
    @FunctionalInterface
    interface Answer {
        String to(SubmitSm submit) throws IOException, InterruptedException;
    }

    private final SMPPServerSessionListener listener;
    private final int port;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<SMPPServerSession> sessions = new CopyOnWriteArrayList<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusedBinds = new AtomicInteger();
    private volatile int bindStatus;
    private volatile Answer answer;

    ScriptedSmsc(Answer answer) throws IOException {
        this.answer = answer;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
        this.listener = new SMPPServerSessionListener(port);
        threads.submit(this::acceptBinds);
    }

    int port() {
        return port;
    }

    void answers(Answer next) {
        answer = next;
    }

    /** From now on binds get this status; 0 takes them. */
    void answersBindsWith(int status) {
        bindStatus = status;
    }

    int refusedBinds() {
        return refusedBinds.get();
    }

    /** Of all submits, in their order, a header of parts before each included. */
    List<String> texts() {
        return List.copyOf(texts);
    }

    /** The classic form: everything in the text. */
    void reportAsText(String id, String state) throws IOException {
        deliver("id:" + id + " sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:" + state
                + " err:000 text:");
    }

    /** The form of SMPP 3.4: an empty text, everything in optional parameters. */
    void reportAsParameters(String id, byte state) throws IOException {
        deliver("", new OptionalParameter.Receipted_message_id(id), new OptionalParameter.Message_state(state));
    }

    private void deliver(String text, OptionalParameter... parameters) throws IOException {
        SMPPServerSession bound = sessions.stream()
                .filter(each -> each.getSessionState().isBound())
                .findFirst()
                .orElseThrow(() -> new IOException("Nobody is bound"));
        try {
            bound.deliverShortMessage(
                    "",
                    TypeOfNumber.INTERNATIONAL,
                    NumberingPlanIndicator.ISDN,
                    "33612345678",
                    TypeOfNumber.ALPHANUMERIC,
                    NumberingPlanIndicator.UNKNOWN,
                    "AVAL",
                    new ESMClass(MessageType.SMSC_DEL_RECEIPT.value()),
                    (byte) 0,
                    (byte) 0,
                    new RegisteredDelivery(0),
                    DataCodings.ZERO,
                    text.getBytes(StandardCharsets.US_ASCII),
                    parameters);
        } catch (PDUException | ResponseTimeoutException | InvalidResponseException | NegativeResponseException e) {
            throw new IOException(e);
        }
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
            var request = session.waitForBind(10_000);
            if (bindStatus != 0) {
                refusedBinds.incrementAndGet();
                request.reject(bindStatus);
                return;
            }
            request.accept("scripted");
            sessions.add(session);
        } catch (Exception e) {
            session.close();
        }
    }

    @Override
    public SubmitSmResult onAcceptSubmitSm(SubmitSm submit, SMPPServerSession source) throws ProcessRequestException {
        texts.add(new String(submit.getShortMessage(), StandardCharsets.ISO_8859_1));
        try {
            return new SubmitSmResult(new MessageId(answer.to(submit)), null);
        } catch (InterruptedException | PDUException | IOException e) {
            throw new ProcessRequestException("stopped", 0x08);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sessions.forEach(SMPPServerSession::close);
        threads.shutdownNow();
    }
}
