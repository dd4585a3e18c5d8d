// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Partitions of the time to come are made while all goes on. */
final class PartitionsIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FreshDatabase database = PostgresSetup.freshDatabase();

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ensure_partitions(5), message, 10",
        "ensure_access_segments(5), access_entry, 2",
        "ensure_daily_partitions(9), event, 4"
    })
    void waitForNobodyWhoReadsOrWrites(String ensure, String table, int missing) {
        Sinks.Empty<Void> end = Sinks.empty();
        Sinks.Empty<Void> begun = Sinks.empty();
        Mono<Void> busy = database.platformDatabase()
                .in(client -> client.sql("select count(*) from aval." + table)
                        .then()
                        .then(client.sql("update aval.tenant set name = name").then())
                        .then(Mono.fromRunnable(begun::tryEmitEmpty))
                        .then(end.asMono()));
        Mono<Void> ended = busy.cache();
        ended.subscribe();
        begun.asMono().block(PATIENCE);
        long before = partitions();

        Integer made = database.platformDatabase()
                .in(client -> client.sql("select set_config('lock_timeout', '2s', true)")
                        .then()
                        .then(client.sql("select aval." + ensure + " as made")
                                .map(row -> Objects.requireNonNull(row.get("made", Integer.class)))
                                .one()))
                .block(PATIENCE);

        end.tryEmitEmpty();
        ended.block(PATIENCE);
        // Each midnight since the template was made, one more
        assertThat(made).isGreaterThanOrEqualTo(missing).isEqualTo((int) (partitions() - before));
    }

    private long partitions() {
        return database.number(
                "select count(*) from pg_inherits i join pg_class p on p.oid = i.inhparent where p.relkind = 'p'");
    }

    @Test
    void areLikeThoseThatWereThere() {
        database.execute(
                "select aval.ensure_partitions(5) + aval.ensure_access_segments(5) + aval.ensure_daily_partitions(9)");

        assertThat(database.query("""
                        select p.relname as parent, count(*) filter (where c.relrowsecurity and c.relforcerowsecurity) as isolated,
                          count(*) as partitions, count(distinct c.reloptions) as settings,
                          count(distinct (select count(*) from pg_index x where x.indrelid = c.oid)) as indexes,
                          count(distinct (select count(*) from pg_trigger t where t.tgrelid = c.oid)) as triggers,
                          count(distinct (select count(*) from pg_constraint k where k.conrelid = c.oid)) as constraints
                        from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_class c on c.oid = i.inhrelid
                        where p.relkind = 'p' group by 1""")).hasSize(8).allSatisfy(row -> {
            assertThat(row.get("isolated")).isEqualTo(row.get("partitions"));
            assertThat((Long) row.get("settings")).isLessThanOrEqualTo(1L);
            assertThat(row)
                    .containsEntry("indexes", 1L)
                    .containsEntry("triggers", 1L)
                    .containsEntry("constraints", 1L);
        });
    }
}
