// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.database.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@PlatformTest
final class NodesIntegrationTests {

    @Autowired
    private Nodes nodes;

    @Autowired
    private PlatformDatabase platform;

    @Autowired
    private Database server;

    @Autowired
    private FreshDatabase database;

    @Test
    void listsThisNodeWhileItRuns() {
        assertThat(database.number(
                        "select count(*) from aval.node where id = ? and heartbeat_at > now() - ? * interval '1 s'",
                        nodes.thisNode(),
                        Nodes.DEAD_AFTER.toSeconds()))
                .isOne();
    }

    @Test
    void tellsWhoHasBeenSilent() {
        UUID silent = UUID.randomUUID();
        UUID alive = UUID.randomUUID();
        node(alive, Duration.ZERO);

        // This server sweeps too, and forgets whom it finds; and on a PostgreSQL that has just started nobody is dead
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            node(silent, Duration.ofMinutes(1));
            node(alive, Duration.ZERO);
            assertThat(nodes.dead().block()).contains(silent).doesNotContain(alive, nodes.thisNode());
        });
    }

    @Test
    void forgetsWhoIsDead() {
        UUID dead = UUID.randomUUID();
        node(dead, Duration.ofMinutes(1));

        nodes.forget(dead).block();

        assertThat(database.number("select count(*) from aval.node where id = ?", dead))
                .isZero();
    }

    @Test
    void takesTheTimeFromTheDatabase() {
        DatabaseClock fast =
                new DatabaseClock(() -> Instant.now().plus(Duration.ofHours(1)), new SimpleMeterRegistry());
        Nodes another = new Nodes(platform, fast, server);

        another.start();

        // A machine under load may need some beats until an answer is quick enough
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> assertThat(fast.instant()).isCloseTo(Instant.now(), within(2, ChronoUnit.SECONDS)));
        another.stop();
    }

    private void node(UUID id, Duration silentFor) {
        database.execute("""
                insert into aval.node (id, name, heartbeat_at) values (?, 'another', now() - ? * interval '1 s')
                on conflict (id) do update set heartbeat_at = excluded.heartbeat_at""", id, silentFor.toSeconds());
    }
}
