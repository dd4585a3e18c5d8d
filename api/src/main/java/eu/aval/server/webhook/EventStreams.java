// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import eu.aval.server.outbox.EventLog;
import eu.aval.server.outbox.EventLog.Event;
import eu.aval.server.outbox.EventLog.Listening;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.TenantDatabase;
import eu.aval.server.tenant.Trouble;
import eu.aval.server.webhook.store.EndpointRows;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The events of a tenant as they become visible, to whoever stays. A page is read when there is room for it on the
 * way to the reader, so one that is slow costs a bounded number of pages. While nobody reads, nothing is asked of the database.
 */
@Component
public class EventStreams implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final Trouble LOOKING = new Trouble(LOG, "Looking for events of streams");
    private static final int PAGE = 200;
    private static final Duration LOOK = Duration.ofMillis(250);
    /** Clocks of nodes differ. */
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_GAP = Duration.ofMinutes(5);
    /** For so long events are written down after the last reader was heard of. */
    private static final Duration MEMORY = Duration.ofDays(1);

    private final TenantDatabase database;
    private final PlatformDatabase platform;
    private final EventLog log;
    private final EndpointRows rows;
    private final WebhookSettings settings;
    private final ConcurrentMap<UUID, Integer> open = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable UUID> seen = new AtomicReference<>();
    private final ConcurrentMap<TenantId, UUID> newest = new ConcurrentHashMap<>();
    /**
     * What each look found, for those who wait at this moment. Not a shared flux that begins with the first of them and
     * ends with the last: who joined while the last one left got an error.
     */
    private final Sinks.Many<Boolean> looks = Sinks.many().multicast().directBestEffort();

    private final Sinks.Empty<Void> end = Sinks.empty();
    /** After a time without readers a look begins anew: what is known is too far behind. */
    private volatile Instant looked = Instant.EPOCH;

    private volatile Disposable looking = Disposables.disposed();

    EventStreams(
            TenantDatabase database,
            PlatformDatabase platform,
            EventLog log,
            EndpointRows rows,
            WebhookSettings settings,
            MeterRegistry meters) {
        this.database = database;
        this.log = log;
        this.rows = rows;
        this.settings = settings;
        this.platform = platform;
        Gauge.builder(
                        "sms_event_streams",
                        open,
                        streams -> streams.values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                .description("Streams of events that are open on this node")
                .register(meters);
    }

    /**
     * Events after one, and from then on as they happen. Ends by itself after a while: who comes again with the last id
     * misses nothing.
     *
     * @param after the last event that the reader has; null is what happens from now on
     * @return events as they come together; none of them when the stream begins, and so often that the reader knows that it
     *     lives. Or an error {@link Problem} EVENTS_GONE if there may have been events after it that are not there any more, or
     *     QUOTA_EXCEEDED
     */
    public Mono<Flux<List<Event>>> open(TenantId tenant, UUID apiKeyId, @Nullable UUID after) {
        if (open.getOrDefault(apiKeyId, 0) >= settings.streams()) {
            return Mono.error(tooMany());
        }
        return database.in(
                        tenant,
                        db -> log.listen(db, tenant, MEMORY)
                                .flatMap(listening -> after == null
                                        ? log.newest(db, tenant)
                                        : isKept(db, tenant, after, listening)
                                                .filter(kept -> kept)
                                                .map(kept -> after)
                                                .switchIfEmpty(Mono.error(EventStreams::gone))))
                .map(start -> Flux.defer(() -> stream(tenant, apiKeyId, start)));
    }

    /** Whether everything that came after it is still there. */
    private Mono<Boolean> isKept(DatabaseClient db, TenantId tenant, UUID after, Listening listening) {
        Instant at = TimeOrderedId.instantOf(after);
        if (at.isAfter(listening.now().plus(TOLERANCE))) {
            // Nothing would ever come after it, but that ids follow the last one when the clock was ahead
            return log.has(db, tenant, after);
        }
        return Mono.just(
                !at.isBefore(listening.since()) && !at.isBefore(listening.now().minus(settings.eventRetention())));
    }

    private static Problem gone() {
        return new Problem(ProblemType.EVENTS_GONE, "Events after this one may be gone; begin without Last-Event-ID");
    }

    private Problem tooMany() {
        return new Problem(
                ProblemType.QUOTA_EXCEEDED,
                "The key has " + settings.streams() + " streams open",
                List.of(),
                Duration.ofSeconds(5));
    }

    private Flux<List<Event>> stream(TenantId tenant, UUID apiKeyId, UUID start) {
        if (open.merge(apiKeyId, 1, Integer::sum) > settings.streams()) {
            closed(apiKeyId);
            return Flux.error(tooMany());
        }
        AtomicReference<UUID> last = new AtomicReference<>(start);
        AtomicBoolean more = new AtomicBoolean();
        Flux<List<Event>> events = Mono.defer(() -> page(tenant, apiKeyId, last.get()))
                .doOnNext(page -> {
                    if (!page.isEmpty()) {
                        last.set(page.getLast().id());
                    }
                    more.set(page.size() == PAGE);
                })
                .filter(page -> !page.isEmpty())
                .repeatWhen(pages ->
                        pages.concatMap(number -> more.get() ? Mono.just(true) : news(tenant, last.get()), 1));
        Flux<List<Event>> listening = Flux.interval(Duration.ofMinutes(10))
                .onBackpressureDrop()
                .concatMap(tick -> database.in(tenant, db -> log.listen(db, tenant, MEMORY)))
                .thenMany(Flux.empty());
        Flux<List<Event>> beats = Flux.interval(Duration.ZERO, settings.heartbeat())
                .onBackpressureDrop()
                .map(tick -> List.of());
        return Flux.merge(1, beats, events, listening)
                .takeUntilOther(end.asMono())
                .take(settings.streamDuration())
                .doFinally(signal -> closed(apiKeyId));
    }

    private Mono<List<Event>> page(TenantId tenant, UUID apiKeyId, UUID after) {
        return database.in(
                tenant,
                db -> rows.excluded(db, tenant, apiKeyId)
                        .flatMap(excluded -> log.page(db, tenant, after, excluded, PAGE)));
    }

    /** When there is something after {@code last}, or when there may be: a look that begins anew knows of nothing before. */
    private Mono<Boolean> news(TenantId tenant, UUID last) {
        return looks.asFlux()
                .filter(anew -> {
                    UUID known = newest.get(tenant);
                    return anew || (known != null && known.compareTo(last) > 0);
                })
                .next()
                .timeout(LONGEST_WAIT, Mono.just(false));
    }

    /** One question for all streams of this node. */
    private Mono<Boolean> look() {
        UUID known = seen.get();
        Instant now = Instant.now();
        boolean stale = looked.isBefore(now.minus(LONGEST_GAP));
        looked = now;
        Mono<Boolean> answer = known == null || stale
                ? platform.in(log::newest).doOnNext(seen::set).thenReturn(true)
                : platform.in(db -> log.newest(db, known))
                        .doOnNext(found -> {
                            newest.putAll(found);
                            found.values().stream().max(UUID::compareTo).ifPresent(seen::set);
                        })
                        .thenReturn(false);
        return LOOKING.watch(answer).onErrorComplete();
    }

    private void closed(UUID apiKeyId) {
        open.computeIfPresent(apiKeyId, (id, streams) -> streams > 1 ? streams - 1 : null);
    }

    @Override
    public void start() {
        looking = Flux.interval(LOOK)
                .onBackpressureDrop()
                .filter(tick -> looks.currentSubscriberCount() > 0)
                .concatMap(tick -> look(), 1)
                .subscribe(looks::tryEmitNext);
    }

    /** Streams end before the web server waits for requests to end. */
    @Override
    public void stop() {
        looking.dispose();
        end.tryEmitEmpty();
    }

    @Override
    public boolean isRunning() {
        return !looking.isDisposed();
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
