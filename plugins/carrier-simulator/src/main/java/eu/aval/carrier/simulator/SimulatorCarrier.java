// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.carrier.simulator.Script.Answer;
import eu.aval.spi.Capability;
import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierContext;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.Throughput;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.Reconciliation;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Uncertain;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Segmentation;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** One account. Everything it keeps is touched on its own thread only; {@link Scheduler} is that thread and its clock. */
final class SimulatorCarrier implements Carrier {

    private enum State {
        OPEN,
        CLOSING,
        CLOSED
    }

    private final SimulatorSettings settings;
    private final CarrierContext context;
    private final SimulatedNetwork network;
    private final Scheduler scheduler;
    private final Chance chance;
    private final Events events;
    private final Story story;
    private final PartsLimit limit;
    private final Set<Submission> underWay = new LinkedHashSet<>();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private final Disposable.Swap graceTimer = Disposables.swap();
    private volatile State state = State.OPEN;
    private volatile int inFlight;

    SimulatorCarrier(
            SimulatorSettings settings, CarrierContext context, SimulatedNetwork network, Scheduler scheduler) {
        this.settings = settings;
        this.context = context;
        this.network = network;
        this.scheduler = scheduler;
        this.chance = new Chance(settings.seed());
        this.events = new Events(context, scheduler, this::endWhenDrained);
        this.story = new Story(settings, events, context.clock());
        this.limit = new PartsLimit(settings.throughput().partsPerSecond());
        context.gauge("in_flight", () -> inFlight);
    }

    @Override
    public Mono<SubmitOutcome> submit(SubmitRequest request) {
        Script script = MagicNumbers.scriptOf(request.to());
        if (script.answer() instanceof Answer.Misbehave misbehave) {
            return misbehave(misbehave.how());
        }
        return Mono.create(sink -> {
            if (!onOwnThread(() -> begin(request, script, sink))) {
                sink.success(SubmitOutcome.unavailable(closed()));
            }
        });
    }

    @Override
    public Mono<Reconciliation> reconcile(SubmitRequest sent) {
        if (settings.onUncertain() == SimulatorSettings.OnUncertain.NOTHING) {
            return Mono.just(new Reconciliation.Unsupported());
        }
        return Mono.fromSupplier(() -> look(sent));
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.copyOf(settings.onUncertain().withheld()));
    }

    @Override
    public Mono<CarrierHealth> health() {
        return Mono.fromSupplier(() -> {
            if (state != State.OPEN) {
                return CarrierHealth.down("The account is closed");
            }
            return network.isReachable()
                    ? CarrierHealth.up("Simulated, " + inFlight + " submits under way")
                    : CarrierHealth.down("The simulated network is not reachable");
        });
    }

    @Override
    public Throughput throughput() {
        return settings.throughput();
    }

    @Override
    public Mono<Void> close(Duration grace) {
        return Mono.defer(() -> {
            onOwnThread(() -> beginClosing(grace));
            // Not gracefully: that leaves a thread of Reactor's behind which was born on this plugin's and holds its
            // classes
            return drained.asMono().then(Mono.fromRunnable(scheduler::dispose));
        });
    }

    /** Hands an event to the host as the network would, now. */
    void tell(CarrierEvent event, Events.Told told) {
        onOwnThread(() -> events.once(event, told));
    }

    private void begin(SubmitRequest request, Script script, MonoSink<SubmitOutcome> sink) {
        if (state != State.OPEN) {
            sink.success(SubmitOutcome.unavailable(closed()));
        } else if (!network.isReachable()) {
            sink.success(SubmitOutcome.unavailable(CarrierError.of("SIM-DOWN", "no connection")));
        } else if (underWay.size() >= settings.throughput().maximumInFlight()) {
            sink.success(SubmitOutcome.throttled(null, CarrierError.of("SIM-WINDOW", "window full")));
        } else {
            Submission submission = new Submission(request, script, sink);
            underWay.add(submission);
            inFlight = underWay.size();
            sink.onCancel(() -> onOwnThread(submission::cancel));
            submission.start();
        }
    }

    private void end(Submission submission) {
        if (underWay.remove(submission)) {
            inFlight = underWay.size();
            endWhenDrained();
        }
    }

    private Reconciliation look(SubmitRequest sent) {
        Script script = MagicNumbers.scriptOf(sent.to());
        int looksInVain = script.answer() instanceof Answer.Lose lose ? lose.looks() : 0;
        return network.find(sent.messageId(), looksInVain)
                ? new Reconciliation.Found(new Names(chance, sent, script.ids()).all())
                : new Reconciliation.NotFound();
    }

    private void beginClosing(Duration grace) {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSING;
        graceTimer.update(scheduler.schedule(this::endAll, grace.toNanos(), TimeUnit.NANOSECONDS));
        events.hurry();
        endWhenDrained();
    }

    private void endWhenDrained() {
        if (state == State.CLOSING && underWay.isEmpty() && events.isEmpty()) {
            endAll();
        }
    }

    private void endAll() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        graceTimer.dispose();
        events.drop();
        List.copyOf(underWay).forEach(Submission::giveUp);
        drained.tryEmitEmpty();
    }

    private static CarrierError closed() {
        return CarrierError.of("SIM-CLOSED", "the account is closed");
    }

    private static Mono<SubmitOutcome> misbehave(Script.Misbehaviour how) {
        return switch (how) {
            case ERROR_SIGNAL -> Mono.error(() -> new IllegalStateException("The simulator fails as its script says"));
            case EXCEPTION -> throw new IllegalStateException("The simulator throws as its script says");
            case SILENCE -> Mono.never();
            case EMPTY -> Mono.empty();
        };
    }

    /** False when the thread has ended. */
    private boolean onOwnThread(Runnable task) {
        try {
            scheduler.schedule(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** A submit under way. */
    private final class Submission {

        private final SubmitRequest request;
        private final Script script;
        private final MonoSink<SubmitOutcome> sink;
        private final Names names;
        private Disposable timer = Disposables.disposed();

        private Submission(SubmitRequest request, Script script, MonoSink<SubmitOutcome> sink) {
            this.request = request;
            this.script = script;
            this.sink = sink;
            this.names = new Names(chance, request, script.ids());
        }

        private void start() {
            int before = network.tried(request.messageId());
            context.count("submitted");
            if (network.hasTaken(request.messageId())) {
                // A repeated key: the answer that the first may not have got, and nothing else happens
                answer(SubmitOutcome.accepted(names.all()), delay());
                return;
            }
            Segmentation segmentation = Segmentation.of(request.text().value(), request.encoding());
            switch (decide(segmentation, before)) {
                case Answer.Accept accept ->
                    takeAndAnswer(new SubmitOutcome.Accepted(names.all(), segmentation.parts()), delay());
                case Answer.Reject reject ->
                    answer(SubmitOutcome.rejected(reject.reason(), error(reject.reason())), delay());
                case Answer.Throttle throttle ->
                    answer(
                            SubmitOutcome.throttled(Duration.ofSeconds(1), CarrierError.of("SIM-FAST", "too fast")),
                            delay());
                case Answer.Refuse refuse ->
                    answer(SubmitOutcome.unavailable(CarrierError.of("SIM-BUSY", "cannot take it now")), delay());
                case Answer.Lose lose -> lose(lose);
                case Answer.Misbehave misbehave ->
                    throw new IllegalStateException("Misbehaves before it is under way: " + misbehave.how());
            }
        }

        private Answer decide(Segmentation segmentation, int triesBefore) {
            if (!segmentation.fits()) {
                return new Answer.Reject(FailureClass.CONTENT_INVALID);
            }
            if (!limit.take(segmentation.parts(), scheduler.now(TimeUnit.NANOSECONDS))) {
                return new Answer.Throttle();
            }
            if (!script.ordinary()) {
                return triesBefore < script.times() ? script.answer() : new Answer.Accept();
            }
            if (chance.strikes(request, Chance.Of.THROTTLING, settings.throttling())) {
                return new Answer.Throttle();
            }
            return chance.strikes(request, Chance.Of.UNCERTAINTY, settings.uncertainty())
                    ? new Answer.Lose(Uncertain.Cause.CONNECTION_LOST, true, 0)
                    : script.answer();
        }

        private void lose(Answer.Lose lose) {
            boolean silent = lose.cause() == Uncertain.Cause.TIMEOUT;
            List<String> answered =
                    lose.cause() == Uncertain.Cause.PARTIALLY_SENT ? names.all().subList(0, 1) : List.of();
            SubmitOutcome outcome =
                    new Uncertain(lose.cause(), CarrierError.of("SIM-LOST", "no readable answer"), answered);
            Duration delay = silent ? settings.throughput().timeout() : delay();
            if (lose.taken()) {
                takeAndAnswer(outcome, delay);
            } else {
                answer(outcome, delay);
            }
        }

        private void takeAndAnswer(SubmitOutcome outcome, Duration delay) {
            network.take(request);
            answer(outcome, delay);
            boolean lost = script.ordinary() && chance.strikes(request, Chance.Of.LOSS, settings.loss());
            if (!lost) {
                story.plan(request, script, names, delay);
            }
        }

        private void answer(SubmitOutcome outcome, Duration delay) {
            Duration timeout = settings.throughput().timeout();
            if (delay.compareTo(timeout) > 0) {
                answer(
                        SubmitOutcome.uncertain(
                                Uncertain.Cause.TIMEOUT, CarrierError.of("SIM-LATE", "no answer in time")),
                        timeout);
            } else if (delay.isZero()) {
                finish(outcome);
            } else {
                timer = scheduler.schedule(() -> finish(outcome), delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        }

        private Duration delay() {
            Duration own = script.answerAfter();
            return own == null ? settings.latency() : own;
        }

        private void cancel() {
            timer.dispose();
            end(this);
        }

        /** The place is free before the host hears, so that its next submit finds it. */
        private void finish(SubmitOutcome outcome) {
            end(this);
            sink.success(outcome);
        }

        private void giveUp() {
            timer.dispose();
            finish(SubmitOutcome.uncertain(
                    Uncertain.Cause.CONNECTION_LOST, CarrierError.of("SIM-CLOSED", "closed before an answer")));
        }
    }

    static CarrierError error(FailureClass reason) {
        return CarrierError.of(String.format("SIM-%02d", MagicNumbers.codeOf(reason)));
    }
}
