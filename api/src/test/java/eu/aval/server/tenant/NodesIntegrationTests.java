// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.test.StepVerifier;

@PlatformTest
final class NodesIntegrationTests {

    @Autowired
    private Nodes nodes;

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
    void tellsWhoHasBeenSilentAndForgetsThem() {
        UUID silent = UUID.randomUUID();
        UUID alive = UUID.randomUUID();
        database.execute(
                "insert into aval.node (id, name, heartbeat_at) values (?, 'killed', now() - interval '1 min')",
                silent);
        // It beats, so to speak, as long as this test takes
        database.execute(
                "insert into aval.node (id, name, heartbeat_at) values (?, 'another', now() + interval '1 hour')",
                alive);
        // As if the test's own PostgreSQL had not been started a moment ago
        StepVerifier.create(nodes.dead()
                        .repeatWhen(empty -> empty.delayElements(java.time.Duration.ofSeconds(1)))
                        .filter(dead -> !dead.isEmpty())
                        .next())
                .assertNext(dead -> assertThat(dead).containsExactly(silent))
                .verifyComplete();

        StepVerifier.create(nodes.forget(silent).then(nodes.dead()))
                .assertNext(dead -> assertThat(dead).isEmpty())
                .verifyComplete();
    }
}
