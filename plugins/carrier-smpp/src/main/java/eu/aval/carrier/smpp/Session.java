// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.Pdu.Answer;
import eu.aval.carrier.smpp.Pdu.Bind;
import eu.aval.carrier.smpp.Pdu.Empty;
import eu.aval.carrier.smpp.SmppConfiguration.BindMode;
import eu.aval.carrier.smpp.SmppConfiguration.Login;
import eu.aval.spi.failure.CarrierError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One connection from bind to its end: sequence numbers, the window, and the keep-alive. */
final class Session extends ChannelInboundHandlerAdapter {

    private enum State {
        BINDING,
        BOUND,
        /** Nothing new is sent; the window empties. */
        DRAINING,
        UNBINDING,
        CLOSED
    }

    /** How long the peer's unbind is left without answer, so that it may answer our submits first. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final Link link;
    private final BindMode mode;
    private final Account account;
    private final SmppConfiguration configuration;
    private final Window window;

    private @Nullable ChannelHandlerContext context;
    private State state = State.BINDING;
    private String trouble = "connection lost";
    private int sequence;
    private boolean optionalParameters;
    private @Nullable Submission unfinished;
    private @Nullable Integer unbindSequence;
    private long since = System.nanoTime();
    private long readAt = since;
    private long enquiredAt;
    private boolean enquired;
    private boolean flushPlanned;
    private long unread;
    private long unreadSince;

    Session(Link link, BindMode mode, Account account) {
        this.link = link;
        this.mode = mode;
        this.account = account;
        this.configuration = account.configuration();
        this.window = new Window(account, configuration.window());
    }

    boolean isBound() {
        return state == State.BOUND;
    }

    boolean takesOptionalParameters() {
        return optionalParameters;
    }

    int window() {
        return window.size();
    }

    /** Places free in the window; none while a message is half written, or what was written before is not read. */
    int room() {
        return state == State.BOUND && mode.submits() && unfinished == null && isRead() ? window.room() : 0;
    }

    private boolean isRead() {
        return context != null && context.channel().isWritable();
    }

    int inFlight() {
        return window.inFlight();
    }

    /** Writes the parts there is room for, and the others as room comes. */
    void send(Submission submission) {
        Part part = submission.next();
        while (part != null && window.room() > 0) {
            write(part);
            part = submission.next();
        }
        unfinished = part == null ? null : submission;
    }

    private void write(Part part) {
        ChannelHandlerContext to = context;
        if (to == null || state != State.BOUND) {
            part.failed(Part.State.UNAVAILABLE, CarrierError.of("NOT_BOUND"));
            return;
        }
        int number = nextSequence();
        ShortMessage message = part.message();
        ByteBuf out = to.alloc().ioBuffer(message.octets().length + 128);
        PduCodec.write(out, Command.SUBMIT_SM, Status.OK, number, message);
        part.sent(this, number, System.nanoTime());
        part.submission().partSent();
        window.add(number, part);
        account.pace().sent();
        to.write(out).addListener(part);
        planFlush();
    }

    /** Acknowledges a delivery, or refuses it. */
    void answer(int command, int number, int status) {
        if (context != null && state != State.CLOSED) {
            write(Pdu.response(command, status, number, new Answer("", Tlvs.NONE)));
        }
    }

    /** A part whose write failed: the connection is of no use any more. */
    void unwritten(int number) {
        window.remove(number);
        if (state != State.CLOSED) {
            state = State.CLOSED;
            closeChannel();
        }
    }

    /** A part nobody waits for gives its place back; what the peer answers later is still told. */
    void abandon(int number) {
        window.abandon(number);
        account.planSend();
    }

    @Override
    public void channelActive(ChannelHandlerContext to) {
        context = to;
        if (state == State.CLOSED) {
            closeChannel();
            return;
        }
        since = System.nanoTime();
        Login login = configuration.login();
        write(Pdu.request(
                mode.command(),
                nextSequence(),
                new Bind(
                        login.systemId(),
                        login.password().reveal(),
                        login.systemType(),
                        login.interfaceVersion(),
                        0,
                        0,
                        login.addressRange())));
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        Pdu pdu = (Pdu) message;
        readAt = System.nanoTime();
        enquired = false;
        switch (pdu.command()) {
            case Command.SUBMIT_SM_RESP -> answered(pdu);
            case Command.DELIVER_SM, Command.DATA_SM -> delivered(pdu);
            case Command.ENQUIRE_LINK ->
                write(Pdu.response(Command.ENQUIRE_LINK, Status.OK, pdu.sequence(), Empty.BODY));
            case Command.GENERIC_NACK -> refused(pdu);
            case Command.BIND_RECEIVER_RESP, Command.BIND_TRANSMITTER_RESP, Command.BIND_TRANSCEIVER_RESP ->
                bindAnswered(pdu);
            case Command.UNBIND -> unboundByPeer(pdu);
            case Command.UNBIND_RESP -> end("unbound");
            case Command.ALERT_NOTIFICATION, Command.ENQUIRE_LINK_RESP -> {}
            default -> {
                if (!Command.isResponse(pdu.command())) {
                    write(new Pdu(Command.GENERIC_NACK, Status.UNSUPPORTED_COMMAND, pdu.sequence(), Empty.BODY));
                }
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        sendRest();
        account.send();
        from.flush();
    }

    /** Nothing is read from a peer that does not read: what it sends asks for answers, and they would pile up here. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext of) {
        boolean read = of.channel().isWritable();
        unread = 0;
        unreadSince = System.nanoTime();
        readAt = unreadSince;
        enquired = false;
        of.channel().config().setAutoRead(read);
        if (read) {
            account.planSend();
        } else {
            account.count("unread");
        }
    }

    private void bindAnswered(Pdu pdu) {
        if (state != State.BINDING) {
            return;
        }
        if (pdu.status() != Status.OK) {
            SmppOutcomes.Meaning meaning = account.outcomes().of(pdu.status());
            account.count("bind_refused");
            if (meaning.reason().holdsAccount()) {
                link.refused();
            }
            end("bind refused with " + SmppOutcomes.code(pdu.status()) + " " + meaning.name());
            return;
        }
        Answer answer = pdu.answer();
        optionalParameters = answer != null && answer.tlvs().findNumber(Tag.INTERFACE_VERSION, 0) >= 0x34;
        state = State.BOUND;
        since = System.nanoTime();
        link.bound();
    }

    private void answered(Pdu pdu) {
        String useless = window.answered(pdu);
        if (useless != null) {
            drain(useless);
        }
    }

    private void refused(Pdu pdu) {
        if (state == State.BINDING) {
            end("bind refused with generic_nack " + SmppOutcomes.code(pdu.status()));
            return;
        }
        String useless = window.nacked(pdu);
        if (useless != null) {
            drain(useless);
        }
    }

    private void delivered(Pdu pdu) {
        if (state == State.BINDING) {
            answer(pdu.command(), pdu.sequence(), Status.WRONG_BIND_STATE);
        } else if (pdu.body() instanceof ShortMessage message) {
            account.deliveries().receive(this, pdu.command(), pdu.sequence(), message);
        } else {
            // Sent again it would be the same, so the peer is told not to
            account.count("unreadable");
            answer(pdu.command(), pdu.sequence(), Status.PERMANENT_ERROR);
        }
    }

    private void unboundByPeer(Pdu pdu) {
        unbindSequence = pdu.sequence();
        drain("unbound by the carrier");
    }

    /** Sends nothing new, lets the peer answer what is in flight, and closes. */
    private void drain(String why) {
        if (state == State.BOUND || state == State.BINDING) {
            state = State.DRAINING;
            since = System.nanoTime();
            trouble = why;
            link.changed();
            giveUpUnfinished();
            account.loop().execute(this::endWhenDrained);
        }
    }

    private void endWhenDrained() {
        if (state == State.DRAINING && (window.isEmpty() || System.nanoTime() - since > DRAIN.toNanos())) {
            if (unbindSequence != null) {
                write(Pdu.response(Command.UNBIND, Status.OK, unbindSequence, Empty.BODY));
            }
            end(trouble);
        }
    }

    /** Says goodbye; the peer's answer, or the account's patience, ends it. */
    void unbind() {
        if (state == State.BOUND || state == State.DRAINING) {
            state = State.UNBINDING;
            trouble = "closed";
            write(Pdu.request(Command.UNBIND, nextSequence(), Empty.BODY));
        } else {
            end("closed");
        }
    }

    void end(String why) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            trouble = why;
            closeChannel();
        }
    }

    private void closeChannel() {
        ChannelHandlerContext to = context;
        if (to != null) {
            to.flush();
            ChannelFuture unused = to.close();
        }
    }

    /** Called a few times a second. */
    void tick(long now) {
        if (context == null || state == State.CLOSED) {
            return;
        }
        SmppConfiguration.Timers timers = configuration.timers();
        if (state == State.BINDING && now - since > timers.bind().toNanos()) {
            end("the bind was not answered");
            return;
        }
        window.endUnanswered(now, timers);
        sendRest();
        endWhenDrained();
        if (!isRead()) {
            endWhenUnread(now, timers);
        } else if (enquired && now - enquiredAt > timers.enquire().toNanos()) {
            end("enquire_link was not answered");
        } else if (window.isIgnored()) {
            end("a window of submits was not answered");
        } else if (!enquired
                && state == State.BOUND
                && now - readAt > timers.enquireInterval().toNanos()) {
            enquired = true;
            enquiredAt = now;
            write(Pdu.request(Command.ENQUIRE_LINK, nextSequence(), Empty.BODY));
        }
    }

    /** A slow peer takes some of it from one time to the next; its silence is ours, who do not read. */
    private void endWhenUnread(long now, SmppConfiguration.Timers timers) {
        if (context == null) {
            return;
        }
        long left = context.channel().bytesBeforeWritable();
        if (left < unread) {
            unreadSince = now;
        } else if (now - unreadSince > timers.enquire().toNanos()) {
            end("the peer does not read");
        }
        unread = left;
    }

    private void sendRest() {
        Submission rest = unfinished;
        if (rest != null) {
            send(rest);
        }
    }

    private void giveUpUnfinished() {
        Submission rest = unfinished;
        unfinished = null;
        if (rest != null) {
            rest.giveUpRest(CarrierError.of("NOT_BOUND", "the session ended before all parts were written"));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            end("TLS failed: " + Trouble.shakingHands(handshake.cause()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (cause instanceof DecoderException && state != State.CLOSED) {
            account.count("unreadable");
            end("the peer sent what is not SMPP");
        } else {
            end("connection failed: " + cause.getClass().getSimpleName());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        state = State.CLOSED;
        // Before the outcomes: who hears of them finds the health as it is
        link.changed();
        window.lose();
        giveUpUnfinished();
        link.closed(trouble);
    }

    private void write(Pdu pdu) {
        ChannelHandlerContext to = context;
        if (to != null) {
            ByteBuf out = to.alloc().ioBuffer(64);
            PduCodec.write(out, pdu);
            ChannelFuture unused = to.write(out, to.voidPromise());
            planFlush();
        }
    }

    /** One flush for all that is written in this round of the loop. */
    private void planFlush() {
        if (!flushPlanned) {
            flushPlanned = true;
            account.loop().execute(() -> {
                flushPlanned = false;
                if (context != null) {
                    context.flush();
                }
            });
        }
    }

    private int nextSequence() {
        sequence = sequence == Integer.MAX_VALUE ? 1 : sequence + 1;
        return sequence;
    }
}
