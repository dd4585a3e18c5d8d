// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jsmpp.PDUException;
import org.jsmpp.bean.MessageType;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.SubmitSm;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.session.BindRequest;
import org.jsmpp.session.SMPPServerSession;
import org.jsmpp.session.SubmitSmResult;
import org.jsmpp.util.MessageId;

/** A jSMPP server that answers submits as a test wants, and delivers a receipt when the test says so. */
final class ScriptedSmsc extends LocalSmsc {

    static final byte DELIVERED = 2;

    /** The id that a submit is answered with. May take its time. */
    @FunctionalInterface
    interface Answer {
        String to(SubmitSm submit) throws IOException, InterruptedException;
    }

    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusedBinds = new AtomicInteger();
    private volatile int bindStatus;
    private volatile Answer answer;

    ScriptedSmsc(Answer answer) throws IOException {
        this.answer = answer;
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
        report(receiptText(id, state));
    }

    /** The form of SMPP 3.4: an empty text, everything in optional parameters. */
    void reportAsParameters(String id, byte state) throws IOException {
        report(new byte[0], new OptionalParameter.Receipted_message_id(id), new OptionalParameter.Message_state(state));
    }

    private void report(byte[] text, OptionalParameter... parameters) throws IOException {
        deliver(
                "33612345678",
                TypeOfNumber.ALPHANUMERIC,
                "AVAL",
                MessageType.SMSC_DEL_RECEIPT.value(),
                text,
                parameters);
    }

    @Override
    boolean answer(BindRequest request) throws PDUException, IOException {
        if (bindStatus == 0) {
            return super.answer(request);
        }
        refusedBinds.incrementAndGet();
        request.reject(bindStatus);
        return false;
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
}
