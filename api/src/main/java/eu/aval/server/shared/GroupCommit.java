// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * Lets concurrent callers share transactions. Where nothing happens, what arrives starts at once; while a batch runs, what
 * arrives waits and forms the next one, so batches grow with the load.
 * A batch that takes unusually long (it may wait for a lock) does not hold up the others of its lane for more than half a
 * second.
 *
 * <p>Callers that are answered often come back at once with the next item. A batch that started in the moment its predecessor
 * ended would be without them, and two halves would take turns, each waiting for the other's commit. So the next one
 * waits until as many have come as were answered, for half the time that the last batch took at most, and never more
 * than 5 ms (anticipatory scheduling: Iyer and Druschel, SOSP 2001). Work that nobody waits for says how far apart its
 * batches should be: see {@link Limits#pace}.
 *
 * <p>Work belongs to lanes (one per tenant, say), which take turns; no lane may occupy all slots. A caller that cancels
 * loses only its answer: what was handed over is carried out. Memory is bounded: beyond {@link Limits#queued} callers
 * get {@link ProblemType#OVERLOADED}, and whoever still waits for a slot after {@link Limits#patience} gets
 * {@link ProblemType#STORE_UNAVAILABLE}, with certainty that nothing was done.
 *
 * <p>One bad item does not fail its neighbours: see {@link Remedy#SPLIT}.
 *
 * @param <L> lane
 * @param <I> item
 * @param <O> what becomes of an item
 */
public final class GroupCommit<L, I, O> {

    /** One batch in one transaction: a result for each item, in order. Called on the thread of whoever fills the slot. */
    @FunctionalInterface
    public interface Work<L, I, O> {
        Mono<List<O>> commit(L lane, List<I> items);
    }

    /** What to do about a batch that failed; it must have left no trace for the first two. */
    public enum Remedy {
        /** Again, as it is: a deadlock, a serialization failure. A few times, then it fails. */
        RETRY,
        /** In halves, until the item at fault stands alone and fails alone. */
        SPLIT,
        /** Every item fails with the error. */
        FAIL
    }

    /**
     * @param inFlight batches that run at the same time
     * @param inFlightPerLane of which for one lane
     * @param beside items that must be waiting for a batch to start beside another of its lane: a batch has a price of
     *     its own, and what arrives during one that runs is cheaper together
     * @param batch items in one batch
     * @param queued items that may wait
     * @param patience how long one may wait for a slot
     * @param pace least time between the starts of two batches of a lane: for work that nobody waits for, so that it comes
     *     in few batches. A batch that is full starts at once
     */
    public record Limits(
            int inFlight, int inFlightPerLane, int beside, int batch, int queued, Duration patience, Duration pace) {

        public Limits(int inFlight, int inFlightPerLane, int beside, int batch, int queued, Duration patience) {
            this(inFlight, inFlightPerLane, beside, batch, queued, patience, Duration.ZERO);
        }
    }

    /** Hears of each batch that ended. */
    @FunctionalInterface
    public interface Listener {
        void ended(int items, Duration waited, Duration took, boolean succeeded);
    }

    private static final int RETRIES = 5;
    private static final Duration SWEEP = Duration.ofMillis(250);
    private static final Duration LONGEST_ANTICIPATION = Duration.ofMillis(5);

    private final Work<L, I, O> work;
    private final Function<Throwable, Remedy> remedies;
    private final Limits limits;
    private final Listener listener;

    private final Object lock = new Object();
    private final Map<L, Lane<L, I, O>> lanes = new HashMap<>();
    /** Lanes that have something to start, whose turn it is first. */
    private final ArrayDeque<Lane<L, I, O>> ready = new ArrayDeque<>();

    private int inFlight;
    private int queued;
    private boolean closed;
    private @Nullable MonoSink<Void> drained;
    private final Disposable sweeping;

    public GroupCommit(Work<L, I, O> work, Function<Throwable, Remedy> remedies, Limits limits, Listener listener) {
        this.work = work;
        this.remedies = remedies;
        this.limits = limits;
        this.listener = listener;
        this.sweeping = Schedulers.parallel()
                .schedulePeriodically(this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), MILLISECONDS);
    }

    /** Hands one item over and tells what became of it. Each subscription hands over again. */
    public Mono<O> submit(L lane, I item) {
        return Mono.create(sink -> enqueue(lane, new Single<>(item, sink)));
    }

    /**
     * Hands several over, at most {@link Limits#batch}, which share one batch.
     *
     * @return in order; an item that failed has an error and the others do not
     */
    public Mono<List<Outcome<O>>> submitAll(L lane, List<I> items) {
        if (items.isEmpty()) {
            return Mono.just(List.of());
        }
        return Mono.create(sink -> enqueue(lane, new Several<>(items, sink)));
    }

    /** Takes no more, and completes when everything handed over has ended. */
    public Mono<Void> close() {
        return Mono.create(sink -> {
            boolean done;
            synchronized (lock) {
                closed = true;
                done = inFlight == 0 && queued == 0;
                if (!done) {
                    drained = sink;
                    lanes.values().forEach(this::makeReady);
                }
            }
            if (done) {
                sweeping.dispose();
                sink.success();
            } else {
                startWhatFits();
            }
        });
    }

    /** Items that wait for a slot. */
    public int waiting() {
        synchronized (lock) {
            return queued;
        }
    }

    private void enqueue(L key, Entry<I, O> entry) {
        boolean refused;
        synchronized (lock) {
            refused = closed || queued + entry.size() > limits.queued;
            if (!refused) {
                Lane<L, I, O> lane = lanes.computeIfAbsent(key, Lane::new);
                lane.entries.add(entry);
                lane.waiting += entry.size();
                queued += entry.size();
                makeReady(lane);
            }
        }
        if (refused) {
            entry.fail(new Problem(
                    ProblemType.OVERLOADED, "Too much is waiting already", List.of(), Duration.ofSeconds(1)));
        } else {
            startWhatFits();
        }
    }

    private void makeReady(Lane<L, I, O> lane) {
        if (!lane.ready
                && lane.waiting > 0
                && (lane.inFlight == 0 || lane.waiting >= limits.beside)
                && (closed || lane.waiting >= Math.min(lane.expected, limits.batch) || isTime(lane))) {
            makeReadyBeside(lane);
        }
    }

    /** If it is not, it will be seen to when it is. */
    private boolean isTime(Lane<L, I, O> lane) {
        long left = lane.notBefore - System.nanoTime();
        if (left <= 0) {
            return true;
        }
        if (!lane.waits) {
            lane.waits = true;
            Schedulers.parallel().schedule(() -> resume(lane), left, NANOSECONDS);
        }
        return false;
    }

    private void resume(Lane<L, I, O> lane) {
        synchronized (lock) {
            lane.waits = false;
            makeReady(lane);
        }
        startWhatFits();
    }

    private void makeReadyBeside(Lane<L, I, O> lane) {
        if (!lane.ready && lane.inFlight < limits.inFlightPerLane) {
            lane.ready = true;
            ready.add(lane);
        }
    }

    private void anticipate(Batch<L, I, O> batch) {
        if (limits.pace.isZero()) {
            long now = System.nanoTime();
            batch.lane.expected = batch.lane.waiting + batch.size;
            batch.lane.notBefore = now + Math.min((now - batch.startedAt) / 2, LONGEST_ANTICIPATION.toNanos());
        }
    }

    private static boolean isIdle(Lane<?, ?, ?> lane, long now) {
        return lane.inFlight == 0 && lane.entries.isEmpty() && !lane.ready && lane.notBefore - now <= 0;
    }

    private void startWhatFits() {
        for (Batch<L, I, O> batch = next(); batch != null; batch = next()) {
            start(batch);
        }
    }

    private @Nullable Batch<L, I, O> next() {
        synchronized (lock) {
            if (inFlight >= limits.inFlight) {
                return null;
            }
            Lane<L, I, O> lane = ready.poll();
            while (lane != null && lane.entries.isEmpty()) {
                lane.ready = false;
                lane = ready.poll();
            }
            if (lane == null) {
                return null;
            }
            lane.ready = false;
            List<Entry<I, O>> entries = new ArrayList<>();
            int size = 0;
            for (Entry<I, O> entry = lane.entries.peek();
                    entry != null && (size == 0 || size + entry.size() <= limits.batch);
                    entry = lane.entries.peek()) {
                lane.entries.remove();
                entries.add(entry);
                size += entry.size();
            }
            lane.waiting -= size;
            queued -= size;
            inFlight++;
            lane.inFlight++;
            if (!limits.pace.isZero()) {
                lane.notBefore = System.nanoTime() + limits.pace.toNanos();
            }
            makeReady(lane);
            return new Batch<>(lane, entries, size, System.nanoTime());
        }
    }

    private void start(Batch<L, I, O> batch) {
        List<I> items = new ArrayList<>(batch.size);
        for (Entry<I, O> entry : batch.entries) {
            entry.addTo(items);
        }
        run(batch.lane.key, items, RETRIES)
                .subscribe(outcomes -> end(batch, outcomes), error -> end(batch, failed(items.size(), error)));
    }

    private Mono<List<Outcome<O>>> run(L lane, List<I> items, int retries) {
        return Mono.defer(() -> work.commit(lane, items))
                .map(results -> succeeded(items.size(), results))
                .onErrorResume(error -> switch (remedies.apply(error)) {
                    case RETRY ->
                        retries > 0
                                ? Mono.delay(Duration.ofMillis(5L << (RETRIES - retries)))
                                        .flatMap(tick -> run(lane, items, retries - 1))
                                : Mono.just(failed(items.size(), error));
                    case SPLIT ->
                        items.size() > 1
                                ? run(lane, items.subList(0, items.size() / 2), retries)
                                        .zipWhen(
                                                first -> run(
                                                        lane, items.subList(items.size() / 2, items.size()), retries),
                                                GroupCommit::joined)
                                : Mono.just(failed(1, error));
                    case FAIL -> Mono.just(failed(items.size(), error));
                });
    }

    private static <O> List<Outcome<O>> succeeded(int expected, List<O> results) {
        if (results.size() != expected) {
            throw new IllegalStateException("A batch of " + expected + " gave " + results.size() + " results");
        }
        List<Outcome<O>> outcomes = new ArrayList<>(expected);
        for (O result : results) {
            outcomes.add(new Outcome.Done<>(result));
        }
        return outcomes;
    }

    private static <O> List<Outcome<O>> failed(int size, Throwable error) {
        List<Outcome<O>> outcomes = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            outcomes.add(new Outcome.Failed<>(error));
        }
        return outcomes;
    }

    private static <O> List<Outcome<O>> joined(List<Outcome<O>> first, List<Outcome<O>> second) {
        List<Outcome<O>> all = new ArrayList<>(first.size() + second.size());
        all.addAll(first);
        all.addAll(second);
        return all;
    }

    private void end(Batch<L, I, O> batch, List<Outcome<O>> outcomes) {
        MonoSink<Void> last = null;
        synchronized (lock) {
            inFlight--;
            batch.lane.inFlight--;
            anticipate(batch);
            makeReady(batch.lane);
            if (closed && inFlight == 0 && queued == 0) {
                last = drained;
            }
        }
        // The next batch goes first: answering may take a while
        startWhatFits();
        long now = System.nanoTime();
        int from = 0;
        for (Entry<I, O> entry : batch.entries) {
            entry.end(outcomes.subList(from, from + entry.size()));
            from += entry.size();
        }
        listener.ended(
                batch.size,
                Duration.ofNanos(batch.startedAt - batch.entries.getFirst().since),
                Duration.ofNanos(now - batch.startedAt),
                outcomes.getFirst() instanceof Outcome.Done<O>);
        if (last != null) {
            sweeping.dispose();
            last.success();
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        long before = now - limits.patience.toNanos();
        long late = now - SWEEP.toNanos();
        List<Entry<I, O>> dismissed = new ArrayList<>();
        MonoSink<Void> last = null;
        synchronized (lock) {
            for (Lane<L, I, O> lane : lanes.values()) {
                for (Entry<I, O> entry = lane.entries.peek();
                        entry != null && entry.since - before < 0;
                        entry = lane.entries.peek()) {
                    dismissed.add(lane.entries.remove());
                    lane.waiting -= entry.size();
                    queued -= entry.size();
                }
                Entry<I, O> oldest = lane.entries.peek();
                if (oldest != null && oldest.since - late < 0) {
                    makeReadyBeside(lane);
                }
            }
            lanes.values().removeIf(lane -> isIdle(lane, now));
            if (closed && inFlight == 0 && queued == 0) {
                last = drained;
            }
        }
        if (!dismissed.isEmpty()) {
            Problem problem = new Problem(
                    ProblemType.STORE_UNAVAILABLE, "The database does not answer", List.of(), Duration.ofSeconds(2));
            dismissed.forEach(entry -> entry.fail(problem));
        }
        startWhatFits();
        if (last != null) {
            last.success();
        }
    }

    /** What became of one item of several. */
    public sealed interface Outcome<O> {
        record Done<O>(O result) implements Outcome<O> {}

        record Failed<O>(Throwable error) implements Outcome<O> {}
    }

    private static final class Lane<L, I, O> {
        final L key;
        final ArrayDeque<Entry<I, O>> entries = new ArrayDeque<>();
        int inFlight;
        /** Items in {@link #entries}. */
        int waiting;
        /** Whether it stands in the queue of lanes. */
        boolean ready;

        /** So many waiting are worth starting before {@link #notBefore}. */
        int expected = Integer.MAX_VALUE;

        long notBefore = System.nanoTime();
        /** Whether it will be looked at when that has come. */
        boolean waits;

        Lane(L key) {
            this.key = key;
        }
    }

    private record Batch<L, I, O>(Lane<L, I, O> lane, List<Entry<I, O>> entries, int size, long startedAt) {}

    private abstract static class Entry<I, O> {
        final long since = System.nanoTime();

        abstract int size();

        abstract void addTo(List<I> items);

        abstract void end(List<Outcome<O>> outcomes);

        abstract void fail(Throwable error);
    }

    private static final class Single<I, O> extends Entry<I, O> {
        private final I item;
        private final MonoSink<O> sink;

        Single(I item, MonoSink<O> sink) {
            this.item = item;
            this.sink = sink;
        }

        @Override
        int size() {
            return 1;
        }

        @Override
        void addTo(List<I> items) {
            items.add(item);
        }

        @Override
        void end(List<Outcome<O>> outcomes) {
            switch (outcomes.getFirst()) {
                case Outcome.Done<O> done -> sink.success(done.result());
                case Outcome.Failed<O> failed -> sink.error(failed.error());
            }
        }

        @Override
        void fail(Throwable error) {
            sink.error(error);
        }
    }

    private static final class Several<I, O> extends Entry<I, O> {
        private final List<I> items;
        private final MonoSink<List<Outcome<O>>> sink;

        Several(List<I> items, MonoSink<List<Outcome<O>>> sink) {
            this.items = items;
            this.sink = sink;
        }

        @Override
        int size() {
            return items.size();
        }

        @Override
        void addTo(List<I> all) {
            all.addAll(items);
        }

        @Override
        void end(List<Outcome<O>> outcomes) {
            sink.success(List.copyOf(outcomes));
        }

        @Override
        void fail(Throwable error) {
            sink.success(failed(items.size(), error));
        }
    }
}
