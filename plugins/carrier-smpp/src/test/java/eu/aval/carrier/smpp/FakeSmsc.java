// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.Pdu.Answer;
import eu.aval.carrier.smpp.Pdu.Bind;
import eu.aval.carrier.smpp.Pdu.Empty;
import eu.aval.carrier.smpp.Pdu.Endpoint;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An SMSC that does what it is told, also what no SMSC should: never answer, cut, send garbage or half a frame, refuse,
 * throttle, deliver receipts early or late. It counts and keeps what it got.
 */
public final class FakeSmsc implements AutoCloseable {

    /** What it does with one submit. */
    @FunctionalInterface
    public interface Reaction {
        void to(Connection connection, Pdu submit);

        /** Accepts under the next id. */
        static Reaction accept() {
            return (connection, submit) ->
                    connection.accept(submit, connection.smsc().nextId());
        }

        static Reaction accept(String id) {
            return (connection, submit) -> connection.accept(submit, id);
        }

        static Reaction refuse(int status) {
            return (connection, submit) -> connection.refuse(submit, status);
        }

        static Reaction silence() {
            return (connection, submit) -> {};
        }

        static Reaction cut() {
            return (connection, submit) -> connection.cut();
        }

        static Reaction garbage() {
            return (connection, submit) ->
                    connection.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }

        static Reaction acceptAfter(Duration delay) {
            return (connection, submit) -> connection.later(delay, () -> accept().to(connection, submit));
        }

        /** Accepts, then sends a receipt in the classic text form. */
        static Reaction acceptAndReport(String state) {
            return (connection, submit) -> {
                String id = connection.smsc().nextId();
                connection.accept(submit, id);
                connection.smsc().deliver(receipt(submit, id, state));
            };
        }

        /** Sends the receipt first. */
        static Reaction reportAndAccept(String state) {
            return (connection, submit) -> {
                String id = connection.smsc().nextId();
                connection.smsc().deliver(receipt(submit, id, state));
                connection.later(Duration.ofMillis(100), () -> connection.accept(submit, id));
            };
        }
    }

    /** One client. */
    public final class Connection extends ChannelInboundHandlerAdapter {

        private @Nullable ChannelHandlerContext context;
        private int boundAs;
        private int sequence;
        private final Map<Integer, CompletableFuture<Integer>> deliveries = new ConcurrentHashMap<>();

        FakeSmsc smsc() {
            return FakeSmsc.this;
        }

        boolean receives() {
            return boundAs == Command.BIND_RECEIVER || boundAs == Command.BIND_TRANSCEIVER;
        }

        int boundAs() {
            return boundAs;
        }

        @Override
        public void channelActive(ChannelHandlerContext to) {
            context = to;
            to.channel().config().setOption(ChannelOption.TCP_NODELAY, !withNagle);
            connections.add(this);
        }

        @Override
        public void channelInactive(ChannelHandlerContext from) {
            connections.remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
            from.close();
        }

        @Override
        public void channelRead(ChannelHandlerContext from, Object message) {
            Pdu pdu = (Pdu) message;
            received.add(pdu);
            if (!speaking) {
                return;
            }
            if (pdu.body() instanceof Bind bind) {
                int status = onBind.applyAsInt(bind);
                boundAs = status == Status.OK ? pdu.command() : 0;
                write(Pdu.response(pdu.command(), status, pdu.sequence(), new Answer("fake", bindParameters)));
                return;
            }
            switch (pdu.command()) {
                case Command.SUBMIT_SM -> {
                    submits.add((ShortMessage) pdu.body());
                    Reaction reaction = script.isEmpty() ? onSubmit : script.removeFirst();
                    reaction.to(this, pdu);
                }
                case Command.ENQUIRE_LINK -> {
                    if (answeringEnquiries) {
                        write(Pdu.response(pdu.command(), Status.OK, pdu.sequence(), Empty.BODY));
                    }
                }
                case Command.UNBIND -> {
                    write(Pdu.response(pdu.command(), Status.OK, pdu.sequence(), Empty.BODY));
                    cut();
                }
                case Command.UNBIND_RESP -> cut();
                case Command.DELIVER_SM_RESP, Command.DATA_SM_RESP -> {
                    CompletableFuture<Integer> answer = deliveries.remove(pdu.sequence());
                    if (answer != null) {
                        answer.complete(pdu.status());
                    }
                }
                default -> {}
            }
        }

        public void accept(Pdu submit, String id) {
            accepted.incrementAndGet();
            write(Pdu.response(submit.command(), Status.OK, submit.sequence(), new Answer(id, Tlvs.NONE)));
        }

        public void refuse(Pdu submit, int status) {
            write(Pdu.response(submit.command(), status, submit.sequence(), Empty.BODY));
        }

        public void write(Pdu pdu) {
            ByteBuf out = Unpooled.buffer();
            PduCodec.write(out, pdu);
            context().writeAndFlush(out);
        }

        public void write(byte[] octets) {
            context().writeAndFlush(Unpooled.wrappedBuffer(octets));
        }

        public void cut() {
            context().close();
        }

        public void later(Duration delay, Runnable task) {
            context().executor().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }

        CompletableFuture<Integer> deliver(int command, ShortMessage message) {
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            context().executor().execute(() -> {
                int number = ++sequence;
                deliveries.put(number, answer);
                write(Pdu.request(command, number, message));
            });
            return answer;
        }

        int ask(int command) {
            int number = 1_000_000 + ++sequence;
            write(Pdu.request(command, number, Empty.BODY));
            return number;
        }

        private ChannelHandlerContext context() {
            if (context == null) {
                throw new IllegalStateException("Not connected");
            }
            return context;
        }
    }

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final List<Pdu> received = new CopyOnWriteArrayList<>();
    private final List<ShortMessage> submits = new CopyOnWriteArrayList<>();
    private final List<Reaction> script = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger ids = new AtomicInteger(0x684b0000);
    private final @Nullable SslContext tls;
    private volatile Reaction onSubmit = Reaction.accept();
    private volatile ToIntFunction<Bind> onBind = bind -> Status.OK;
    private volatile Tlvs bindParameters = Tlvs.NONE.with(Tag.INTERFACE_VERSION, (byte) 0x34);
    private volatile boolean speaking = true;
    private volatile boolean answeringEnquiries = true;
    private volatile boolean withNagle;
    private @Nullable Channel server;
    private int port;

    private FakeSmsc(@Nullable SslContext tls) {
        this.tls = tls;
    }

    public static FakeSmsc start() {
        FakeSmsc smsc = new FakeSmsc(null);
        smsc.listen();
        return smsc;
    }

    static FakeSmsc start(SslContext tls) {
        FakeSmsc smsc = new FakeSmsc(tls);
        smsc.listen();
        return smsc;
    }

    /** Listens, on the same port as before when it has listened before. */
    public void listen() {
        server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new PduDecoder(), new Connection());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
        port = ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Refuses connections from now on, and cuts those that stand. */
    public void stopListening() {
        if (server != null) {
            server.close().syncUninterruptibly();
        }
        connections.forEach(Connection::cut);
    }

    public int port() {
        return port;
    }

    public FakeSmsc onSubmit(Reaction reaction) {
        onSubmit = reaction;
        return this;
    }

    /** Reactions to the next submits, one each; then {@link #onSubmit} again. */
    public FakeSmsc thenOnSubmit(Reaction... reactions) {
        script.addAll(List.of(reactions));
        return this;
    }

    public FakeSmsc onBind(ToIntFunction<Bind> status) {
        onBind = status;
        return this;
    }

    FakeSmsc withBindParameters(Tlvs parameters) {
        bindParameters = parameters;
        return this;
    }

    /** Whether it says anything at all. */
    public FakeSmsc speaking(boolean value) {
        speaking = value;
        return this;
    }

    public FakeSmsc answeringEnquiries(boolean value) {
        answeringEnquiries = value;
        return this;
    }

    /** Writes to TCP as many peers do: of small PDUs the next one leaves when the last one is acknowledged. */
    FakeSmsc withNagle() {
        withNagle = true;
        return this;
    }

    public List<Connection> connections() {
        return connections;
    }

    public List<Connection> bound() {
        return connections.stream().filter(each -> each.boundAs() != 0).toList();
    }

    public List<Pdu> received() {
        return received;
    }

    public long count(int command) {
        return received.stream().filter(pdu -> pdu.command() == command).count();
    }

    public List<ShortMessage> submits() {
        return submits;
    }

    public int accepted() {
        return accepted.get();
    }

    public String nextId() {
        return Integer.toHexString(ids.incrementAndGet());
    }

    /** Delivers on any connection that receives; the answer's status. */
    public CompletableFuture<Integer> deliver(ShortMessage message) {
        return deliver(Command.DELIVER_SM, message);
    }

    public CompletableFuture<Integer> deliver(int command, ShortMessage message) {
        for (Connection connection : connections) {
            if (connection.receives()) {
                return connection.deliver(command, message);
            }
        }
        return CompletableFuture.failedFuture(new IllegalStateException("Nobody receives"));
    }

    public static ShortMessage receipt(Pdu submit, String id, String state) {
        ShortMessage message = (ShortMessage) submit.body();
        return receipt(
                message.destination(),
                message.source(),
                "id:" + id + " sub:001 dlvrd:001 submit date:2601151300 done date:2601151301 stat:" + state
                        + " err:000 text:Hello");
    }

    static ShortMessage receipt(Endpoint from, Endpoint to, String text) {
        return ShortMessage.of(from, to).withEsmClass(0x04).withOctets(0, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        if (group.isShuttingDown()) {
            return;
        }
        stopListening();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
