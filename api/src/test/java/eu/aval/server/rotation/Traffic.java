// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Applications and people who do not know that keys rotate: they send, repeat, look up and object without a pause, and
 * note each wrong answer.
 */
final class Traffic implements AutoCloseable {

    /** Numbers that are written to. */
    static final int WRITTEN_TO = 40;

    private static final int FIRST_OBJECTOR = 1_000;

    private record Sent(int number, String reference, String key, UUID id) {}

    private final RotatingTenant tenant;
    private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<Integer, Set<UUID>> byNumber = new ConcurrentHashMap<>();
    private final AtomicInteger keys = new AtomicInteger();
    private final AtomicInteger objectors = new AtomicInteger(FIRST_OBJECTOR);
    private final Set<Integer> objected = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answers = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running = true;

    Traffic(RotatingTenant tenant) {
        this.tenant = tenant;
    }

    Traffic start() {
        begin(this::send);
        begin(this::send);
        begin(this::lookUp);
        begin(this::object);
        return this;
    }

    /** Of each kind a few. */
    void awaitSome() throws InterruptedException {
        int enough = answers.get() + 60;
        while (answers.get() < enough && wrong.isEmpty()) {
            Thread.sleep(10);
        }
    }

    private void begin(Runnable work) {
        threads.add(Thread.ofPlatform().start(() -> {
            while (running) {
                try {
                    work.run();
                    answers.incrementAndGet();
                } catch (RuntimeException | Error e) {
                    wrong.add(e);
                }
            }
        }));
    }

    private void send() {
        int n = keys.incrementAndGet();
        int number = n % WRITTEN_TO;
        String reference = "order-" + n % 50;
        UUID id = tenant.send(number, reference, "key-" + n);
        byNumber.computeIfAbsent(number, none -> ConcurrentHashMap.newKeySet()).add(id);
        sent.add(new Sent(number, reference, "key-" + n, id));
        repeat();
    }

    /** One of the first requests: the longer ago, the more keys there were in between. */
    private void repeat() {
        int skipped = ThreadLocalRandom.current().nextInt(20);
        sent.stream().skip(skipped).findFirst().ifPresent(first -> {
            // two at once would be a conflict
            synchronized (first) {
                assertThat(tenant.replays(first.number(), first.reference(), first.key(), first.id()))
                        .as("replayed")
                        .isTrue();
            }
        });
    }

    private void lookUp() {
        int number = ThreadLocalRandom.current().nextInt(WRITTEN_TO);
        Set<UUID> before = Set.copyOf(byNumber.getOrDefault(number, Set.of()));
        assertThat(tenant.messagesTo(number)).as("found by number").containsAll(before);
        Sent one = sent.peek();
        if (one != null) {
            assertThat(tenant.messagesWith(one.reference()))
                    .as("found by reference")
                    .contains(one.id());
        }
    }

    private void object() {
        int number = objectors.incrementAndGet();
        tenant.consent(number);
        assertThat(tenant.advertise(number)).as("with consent").isNull();
        tenant.optOut(number);
        objected.add(number);
        stillRefused(number);
        stillRefused(FIRST_OBJECTOR + 1);
    }

    private void stillRefused(int number) {
        assertThat(tenant.advertise(number)).as("after an objection").isEqualTo(ProblemType.SUPPRESSED);
    }

    /** Ends it, and looks once more at everything that was answered. */
    void checkEverything() {
        close();
        assertThat(wrong).isEmpty();
        assertThat(sent).isNotEmpty();
        byNumber.forEach((number, ids) ->
                assertThat(tenant.messagesTo(number)).as("number " + number).containsAll(ids));
        sent.forEach(each -> assertThat(tenant.replays(each.number(), each.reference(), each.key(), each.id()))
                .isTrue());
        objected.forEach(this::stillRefused);
        assertThat(tenant.shown())
                .isNotEmpty()
                .allSatisfy(shown -> assertThat(shown).startsWith("+33").doesNotStartWith("*"));
        assertThat(tenant.people()).as("people").isEqualTo(byNumber.size() + objected.size());
    }

    @Override
    public void close() {
        running = false;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
