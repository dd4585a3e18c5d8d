// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.SmppConfiguration.BindMode;
import eu.aval.carrier.smpp.SmppConfiguration.Peer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One bind to be kept: connects, and when its session ends, connects again, less and less eagerly. */
final class Link {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** A session that lasted so long ended for a reason of its own, not because it could not live. */
    private static final Duration STABLE = Duration.ofSeconds(10);

    /** Octets that may wait for a peer to read them, besides a window of submits. */
    private static final int UNREAD = 64 * 1024;

    /** About what a submit takes while it waits to be written. */
    private static final int SUBMIT = 512;

    private final int number;
    private final BindMode mode;
    private final Account account;
    private final Links links;
    private @Nullable Session session;
    private boolean connecting;
    private boolean refused;
    private int failures;
    private int addressesTried;
    private long boundAt;
    private long notBefore;
    private String trouble = "";

    Link(int number, BindMode mode, Account account, Links links) {
        this.number = number;
        this.mode = mode;
        this.account = account;
        this.links = links;
        this.notBefore = System.nanoTime();
    }

    BindMode mode() {
        return mode;
    }

    @Nullable
    Session session() {
        return session;
    }

    boolean isBound() {
        return session != null && session.isBound();
    }

    /** Whether the peer refused the credentials, and nothing has changed that since. */
    boolean isRefused() {
        return refused;
    }

    /** Whether it has tried and failed since it was last bound. */
    boolean hasFailed() {
        return failures > 0;
    }

    /** Why it is not bound; empty at first. */
    String trouble() {
        return trouble;
    }

    void tick(long now) {
        if (session != null) {
            session.tick(now);
        } else if (!connecting && now - notBefore >= 0 && links.mayConnect(this)) {
            connect();
        }
    }

    /** Names and key files are read on a virtual thread: both block. */
    private void connect() {
        connecting = true;
        Peer peer = account.configuration().peer();
        Thread.startVirtualThread(() -> {
            try {
                InetAddress[] addresses = InetAddress.getAllByName(peer.host());
                SslContext tls = peer.tls() == null ? null : Tls.context(peer.tls());
                onLoop(() -> connect(peer, addresses, tls));
            } catch (UnknownHostException e) {
                onLoop(() -> failed("the host name is not known"));
            } catch (Tls.Unusable e) {
                onLoop(() -> failed(e.getMessage()));
            }
        });
    }

    private void connect(Peer peer, InetAddress[] addresses, @Nullable SslContext tls) {
        if (links.isClosed()) {
            connecting = false;
            return;
        }
        Session fresh = new Session(this, mode, account);
        InetAddress address = addresses[addressesTried++ % addresses.length];
        new Bootstrap()
                .group(account.loop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, unread())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        account.configuration().timers().connect().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new PromptAcknowledgement());
                        if (tls != null && peer.tls() != null) {
                            channel.pipeline()
                                    .addLast(tls.newHandler(
                                            channel.alloc(),
                                            peer.tls().name(),
                                            peer.port(),
                                            Thread::startVirtualThread));
                        }
                        channel.pipeline().addLast(new PduDecoder(), fresh);
                    }
                })
                .connect(new InetSocketAddress(address, peer.port()))
                .addListener(connected -> {
                    connecting = false;
                    if (!connected.isSuccess()) {
                        failed("cannot connect: " + Trouble.connecting(connected.cause()));
                    }
                });
        session = fresh;
    }

    /**
     * When a session stops reading, and when it reads again. A window of submits alone never stops it: a peer that answers
     * each before it reads the next, and we, would wait for one another.
     */
    private WriteBufferWaterMark unread() {
        int most = UNREAD + account.configuration().window() * SUBMIT;
        return new WriteBufferWaterMark(most / 2, most);
    }

    void bound() {
        boundAt = System.nanoTime();
        refused = false;
        trouble = "";
        LOG.info("{}: {} {} bound", account.name(), mode, number);
        links.changed();
        account.planSend();
    }

    void changed() {
        links.changed();
    }

    /** The peer does not accept the credentials. */
    void refused() {
        refused = true;
    }

    /** The session is over, or never came to be. */
    void closed(String why) {
        failed(why);
    }

    private void failed(String why) {
        long now = System.nanoTime();
        boolean wasBound = boundAt != 0;
        if (wasBound && now - boundAt > STABLE.toNanos()) {
            failures = 0;
        }
        boundAt = 0;
        session = null;
        connecting = false;
        notBefore = now + pause().toNanos();
        if (failures < Integer.MAX_VALUE) {
            failures++;
        }
        if (!links.isClosed()) {
            account.count("disconnects");
            if (failures == 1 || !why.equals(trouble)) {
                LOG.warn("{}: {} {} is not bound: {}", account.name(), mode, number, why);
            }
        }
        trouble = why;
        links.changed();
        account.planSend();
    }

    /** Doubles from one failure to the next; the upper half of it is random, so that nodes do not come back as one. */
    private Duration pause() {
        SmppConfiguration.Timers timers = account.configuration().timers();
        double random = ThreadLocalRandom.current().nextDouble();
        if (refused) {
            return timers.refusedBindPause()
                    .plusMillis((long) (timers.refusedBindPause().toMillis() * random / 10));
        }
        double longest = (double) timers.reconnectMinimum().toMillis() * Math.pow(2, Math.min(failures, 20));
        double capped = Math.min(longest, (double) timers.reconnectMaximum().toMillis());
        return Duration.ofMillis((long) (capped * (1 + random) / 2));
    }

    private void onLoop(Runnable task) {
        try {
            account.loop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: closed while connecting", account.name());
        }
    }
}
