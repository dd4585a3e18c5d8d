// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.SmppConfiguration.BindMode;
import eu.aval.carrier.smpp.SmppConfiguration.ValidityFormat;
import eu.aval.spi.Capability;
import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierContext;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.Throughput;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/** One SMPP account on one thread of its own. */
final class SmppCarrier implements Carrier {

    private static final Logger LOG = LoggerFactory.getLogger(SmppCarrier.class);

    private static final long TICK_MILLIS = 50;

    /** How long the peer may take to answer our unbind. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private static final int LONGEST_PASSWORD = 8;

    private final EventLoopGroup group;
    private final Account account;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    private SmppCarrier(EventLoopGroup group, Account account) {
        this.group = group;
        this.account = account;
    }

    static SmppCarrier open(SmppConfiguration configuration, CarrierContext context) {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("smpp-" + context.accountName(), true), NioIoHandler.newFactory());
        Account account = new Account(configuration, context, group.next().next());
        if (configuration.login().password().reveal().length() > LONGEST_PASSWORD) {
            LOG.warn(
                    "{}: the password is longer than the {} characters of the standard",
                    context.accountName(),
                    LONGEST_PASSWORD);
        }
        SmppCarrier carrier = new SmppCarrier(group, account);
        context.gauge("bound", () -> account.figures().bound());
        context.gauge("in_flight", () -> account.figures().inFlight());
        context.gauge("waiting", () -> account.figures().waiting());
        context.gauge("deliveries_pending", () -> account.figures().deliveriesPending());
        Future<?> unused = account.loop().scheduleWithFixedDelay(account::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return carrier;
    }

    @Override
    public Set<Capability> capabilities() {
        SmppConfiguration configuration = account.configuration();
        Set<Capability> capabilities = EnumSet.copyOf(SmppCarrierProvider.CAPABILITIES);
        if (!configuration.sessions().contains(BindMode.TRANSCEIVER)
                && !configuration.sessions().contains(BindMode.RECEIVER)) {
            capabilities.removeAll(Set.of(Capability.RECEIPTS, Capability.INBOUND));
        }
        if (configuration.sessions().stream().noneMatch(BindMode::submits)) {
            capabilities.retainAll(Set.of(Capability.RECEIPTS, Capability.INBOUND, Capability.SESSION));
        }
        if (configuration.writing().validityFormat() == ValidityFormat.NONE) {
            capabilities.remove(Capability.VALIDITY);
        }
        return capabilities;
    }

    @Override
    public Mono<SubmitOutcome> submit(SubmitRequest request) {
        return Mono.create(sink -> submit(request, sink));
    }

    private void submit(SubmitRequest request, MonoSink<SubmitOutcome> sink) {
        AtomicReference<Submission> submission = new AtomicReference<>();
        try {
            account.loop().execute(() -> submission.set(account.submit(request, sink)));
            sink.onCancel(() -> account.execute(() -> {
                Submission cancelled = submission.get();
                if (cancelled != null) {
                    cancelled.cancel();
                }
            }));
        } catch (RejectedExecutionException e) {
            sink.success(SubmitOutcome.unavailable(CarrierError.of("CLOSED", "the account is closed")));
        }
    }

    @Override
    public Mono<CarrierHealth> health() {
        return Mono.fromSupplier(() -> account.links().health());
    }

    @Override
    public Throughput throughput() {
        SmppConfiguration configuration = account.configuration();
        long submitting =
                configuration.sessions().stream().filter(BindMode::submits).count();
        return new Throughput(
                account.pace().partsPerSecond(),
                (int) Math.max(1, submitting * configuration.window()),
                configuration.timers().submit().plus(GOODBYE));
    }

    @Override
    public Mono<Void> close(Duration grace) {
        return Mono.defer(() -> {
            if (closing.compareAndSet(false, true)) {
                account.loop().execute(() -> drain(System.nanoTime() + grace.toNanos()));
            }
            return closed.asMono();
        });
    }

    /** Waits for what is under way; nothing new starts. */
    private void drain(long until) {
        account.links().close();
        account.submissions().close();
        whenOrLater(
                () -> account.submissions().open() == 0 && account.deliveries().pending() == 0, until, this::unbind);
    }

    private void unbind() {
        account.links().unbind();
        whenOrLater(() -> account.links().isDisconnected(), System.nanoTime() + GOODBYE.toNanos(), this::disconnect);
    }

    private void disconnect() {
        account.links().end();
        account.deliveries().close();
        account.loop()
                .execute(() -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                        .addListener(terminated -> closed.tryEmitEmpty()));
    }

    private void whenOrLater(BooleanSupplier condition, long until, Runnable next) {
        if (condition.getAsBoolean() || System.nanoTime() - until >= 0) {
            next.run();
        } else {
            Future<?> unused =
                    account.loop().schedule(() -> whenOrLater(condition, until, next), 10, TimeUnit.MILLISECONDS);
        }
    }
}
