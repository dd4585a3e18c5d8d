// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.message.dispatch.QueueSetup.Batch;
import eu.aval.server.message.store.QueueEngine;
import eu.aval.spi.submit.MessageClass;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that were accepted within the hours and whose turn comes after them. The clock of the gate stands. */
final class HoursAtClaimIntegrationTests {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final UUID ACCOUNT = UUID.randomUUID();

    /** Each day from 08:00 to 21:30, under the charter of 2026. */
    private static final LocalDate TOMORROW = LocalDate.now(PARIS).plusDays(1);

    private static final Instant EVENING = at(TOMORROW, 21, 31);
    private static final Instant MORNING = at(TOMORROW.plusDays(1), 8, 0);

    @TempDir
    private Path directory;

    private QueueSetup setup;

    @BeforeEach
    void open() {
        setup = new QueueSetup(directory);
        hold("FR-AF2M-2026");
    }

    @AfterEach
    void close() {
        setup.close();
    }

    @Test
    void putsOffWhatMayNotLeaveAnyMore() {
        Instant due = Instant.now().minusSeconds(1).truncatedTo(ChronoUnit.MICROS);
        UUID id = queued(
                        Batch.of(1, ACCOUNT).as(MessageClass.MARKETING).due(due).expires(due.plus(Duration.ofHours(2))))
                .getFirst();

        assertThat(claimed(EVENING)).isZero();

        assertThat(setup.status(id)).isEqualTo("SCHEDULED");
        assertThat(time("select due_at from aval.dispatch where message_id = ?", id))
                .isEqualTo(MORNING);
        assertThat(time("select send_at from aval.message where id = ?", id)).isEqualTo(MORNING);
        // What is left of its validity counts from then on
        assertThat(time("select expires_at from aval.dispatch where message_id = ?", id))
                .isEqualTo(MORNING.plus(Duration.ofHours(2)));
        assertThat(time("select expires_at from aval.message where id = ?", id))
                .isEqualTo(MORNING.plus(Duration.ofHours(2)));
        assertThat(setup.database.value("select verdict ->> 'decision' from aval.message where id = ?", id))
                .isEqualTo("DEFERRED");
        assertThat(setup.database.query(
                        "select detail ->> 'code' as code, detail ->> 'rule' as rule, detail ->> 'rulePack' as pack,"
                                + " detail ->> 'zone' as zone, detail ->> 'window' as hours from aval.message_event"
                                + " where message_id = ? and type = 'DEFERRED'",
                        id))
                .singleElement()
                .satisfies(event -> assertThat(event)
                        .containsEntry("code", "OUTSIDE_HOURS")
                        .containsEntry("rule", "hours-marketing")
                        .containsEntry("pack", "FR-AF2M-2026/1")
                        .containsEntry("zone", "Europe/Paris")
                        .containsEntry("hours", "08:00-21:30"));
        assertThat(setup.database.number("select count(*) from aval.attempt")).isZero();
        assertThat(setup.meters
                        .counter("sms.deferred", "reason", "outside_hours")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void letsTheRestOfTheClaimLeave() {
        queued(Batch.of(3, ACCOUNT).as(MessageClass.MARKETING));
        queued(Batch.of(4, ACCOUNT).as(MessageClass.OTP));
        queued(Batch.of(5, ACCOUNT));

        assertThat(claimed(EVENING)).isEqualTo(9);

        assertThat(setup.in("SCHEDULED")).isEqualTo(3);
    }

    @Test
    void letsItLeaveWhenTheHoursAreOpen() {
        queued(Batch.of(3, ACCOUNT).as(MessageClass.MARKETING));

        assertThat(claimed(MORNING)).isEqualTo(3);
    }

    @Test
    void followsAnotherRulePackWithoutARestart() {
        queued(Batch.of(3, ACCOUNT).as(MessageClass.MARKETING));
        QueueEngine engine = setup.engine(Clock.fixed(EVENING, PARIS));
        hold("OPEN");

        assertThat(claimed(engine)).isEqualTo(3);
    }

    @Test
    void keepsToTheValidityThatWasAskedFor() {
        Instant expires = Instant.now().plus(Duration.ofMinutes(30)).truncatedTo(ChronoUnit.MICROS);
        UUID id = queued(Batch.of(1, ACCOUNT).as(MessageClass.MARKETING).expires(expires))
                .getFirst();
        setup.database.execute("update aval.message set validity_given = true");

        assertThat(claimed(EVENING)).isZero();

        assertThat(setup.status(id)).isEqualTo("EXPIRED");
        assertThat(setup.waiting()).isZero();
        assertThat(setup.database.value(
                        "select detail ->> 'code' from aval.message_event where message_id = ? and type = 'EXPIRED'",
                        id))
                .isEqualTo("OUTSIDE_HOURS");
    }

    @Test
    void looksAtTheClocksThatWereKeptWithTheMessage() {
        queued(Batch.of(1, ACCOUNT).as(MessageClass.MARKETING));
        setup.database.execute("update aval.message set zones = '{America/Martinique}'");

        // Late in Paris, and afternoon there
        assertThat(claimed(EVENING)).isEqualTo(1);
    }

    @Test
    void sendsNothingWhileItDoesNotKnowTheRules() {
        queued(Batch.of(2, ACCOUNT));
        hold("GONE");

        assertThat(claimed(MORNING)).isZero();

        assertThat(setup.waiting()).isEqualTo(2);
    }

    private void hold(String rulePack) {
        setup.database.execute("update aval.tenant set rule_pack = ?", rulePack);
    }

    private int claimed(Instant now) {
        return claimed(setup.engine(Clock.fixed(now, PARIS)));
    }

    private static int claimed(QueueEngine engine) {
        return engine.queue()
                .claim(ACCOUNT, 100)
                .blockOptional(Duration.ofSeconds(60))
                .orElseThrow()
                .size();
    }

    private List<UUID> queued(Batch batch) {
        return setup.queue(batch).blockOptional(Duration.ofSeconds(60)).orElseThrow();
    }

    private Instant time(String sql, UUID id) {
        return ((Timestamp) setup.database.value(sql, id)).toInstant();
    }

    private static Instant at(LocalDate day, int hour, int minute) {
        return day.atTime(LocalTime.of(hour, minute)).atZone(PARIS).toInstant();
    }
}
