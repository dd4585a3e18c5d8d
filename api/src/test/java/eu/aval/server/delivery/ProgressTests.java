// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.message.MessageStatus;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class ProgressTests {

    private static final Instant AT = Instant.parse("2026-11-24T08:00:00Z");

    @Test
    void saysNothingBeforeTheFirstReceipt() {
        assertThat(of(1, PartState.SILENT).status()).isNull();
    }

    @Test
    void isEnrouteWhenThePartHasLeftTheCarrier() {
        assertThat(of(1, in(DeliveryState.SENT)).status()).isEqualTo(MessageStatus.ENROUTE);
    }

    @Test
    void deliversOnlyWhenAllPartsAre() {
        assertThat(of(2, in(DeliveryState.DELIVERED), PartState.SILENT).status())
                .isEqualTo(MessageStatus.ENROUTE);
        assertThat(of(2, in(DeliveryState.DELIVERED), in(DeliveryState.DELIVERED))
                        .status())
                .isEqualTo(MessageStatus.DELIVERED);
    }

    @Test
    void countsThePartsThatArrived() {
        Progress progress = of(3, in(DeliveryState.DELIVERED), in(DeliveryState.SENT), in(DeliveryState.DELIVERED));

        assertThat(progress.partsDelivered()).isEqualTo(2);
    }

    @Test
    void failsAsSoonAsOnePartHas() {
        Progress progress = of(2, in(DeliveryState.UNDELIVERED), PartState.SILENT);

        assertThat(progress.status()).isEqualTo(MessageStatus.UNDELIVERED);
        assertThat(progress.reason()).isEqualTo(FailureClass.UNREACHABLE);
    }

    @Test
    void isPartiallyDeliveredWhenPartsDiffer() {
        assertThat(of(2, in(DeliveryState.DELIVERED), in(DeliveryState.EXPIRED)).status())
                .isEqualTo(MessageStatus.PARTIALLY_DELIVERED);
    }

    @Test
    void takesOneReceiptForTheWholeMessage() {
        Progress progress = Progress.of(List.of(in(DeliveryState.DELIVERED)), true, 3);

        assertThat(progress.status()).isEqualTo(MessageStatus.DELIVERED);
        assertThat(progress.partsDelivered()).isEqualTo(3);
    }

    @Test
    void correctsWhatWasConcludedFromSilence() {
        assertThat(of(1, in(DeliveryState.UNDELIVERED)).moves(MessageStatus.UNKNOWN))
                .isTrue();
        assertThat(of(1, in(DeliveryState.SENT)).moves(MessageStatus.UNCERTAIN)).isTrue();
        assertThat(of(1, in(DeliveryState.SENT)).moves(MessageStatus.UNKNOWN)).isFalse();
    }

    @Test
    void correctsAFailureByADeliveryAndNeverTheOtherWay() {
        assertThat(of(1, in(DeliveryState.DELIVERED)).moves(MessageStatus.EXPIRED))
                .isTrue();
        assertThat(of(1, in(DeliveryState.UNDELIVERED)).moves(MessageStatus.DELIVERED))
                .isFalse();
    }

    @Test
    void keepsTheFirstOfTwoFailuresOfOnePart() {
        PartState first = in(DeliveryState.UNDELIVERED);

        assertThat(first.after(in(DeliveryState.EXPIRED))).isSameAs(first);
    }

    @Property
    void endsDeliveredInWhateverOrderTheReceiptsCame(
            @ForAll @Size(max = 8) List<DeliveryState> others, @ForAll Random random) {
        List<DeliveryState> receipts = new ArrayList<>(others);
        receipts.add(DeliveryState.DELIVERED);
        Collections.shuffle(receipts, random);

        assertThat(afterAll(receipts).state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Property
    void reachesTheHighestRankInWhateverOrderTheReceiptsCame(
            @ForAll @Size(min = 1, max = 8) List<DeliveryState> receipts) {
        int highest = receipts.stream().mapToInt(DeliveryState::rank).max().orElseThrow();

        assertThat(Objects.requireNonNull(afterAll(receipts).state()).rank()).isEqualTo(highest);
    }

    @Property
    void standsWhereItStandsThoughReceiptsAreRepeated(@ForAll @Size(max = 8) List<DeliveryState> receipts) {
        List<DeliveryState> twice = receipts.stream()
                .flatMap(receipt -> IntStream.range(0, 2).mapToObj(i -> receipt))
                .toList();

        assertThat(afterAll(twice)).isEqualTo(afterAll(receipts));
    }

    @Property
    void doesNotShowInWhichOrderThePartsReported(
            @ForAll @Size(min = 1, max = 5) List<DeliveryState> states,
            @ForAll Random random,
            @ForAll @IntRange(max = 2) int silent) {
        int expected = states.size() + silent;
        List<Integer> order = IntStream.range(0, states.size()).boxed().toList();
        List<Integer> shuffled = new ArrayList<>(order);
        Collections.shuffle(shuffled, random);

        assertThat(replay(states, shuffled, expected)).isEqualTo(replay(states, order, expected));
    }

    @Property
    void neverMovesTwiceForTheSame(@ForAll @Size(min = 1, max = 5) List<DeliveryState> states) {
        Progress progress = Progress.of(states.stream().map(ProgressTests::in).toList(), false, states.size());

        assertThat(progress.status()).isNotNull();
        assertThat(progress.moves(Objects.requireNonNull(progress.status()))).isFalse();
    }

    private static PartState afterAll(List<DeliveryState> receipts) {
        PartState part = PartState.SILENT;
        for (DeliveryState receipt : receipts) {
            part = part.after(in(receipt));
        }
        return part;
    }

    private static MessageStatus replay(List<DeliveryState> states, List<Integer> order, int expected) {
        PartState[] parts = new PartState[expected];
        Arrays.fill(parts, PartState.SILENT);
        MessageStatus status = MessageStatus.SUBMITTED;
        for (int part : order) {
            parts[part] = parts[part].after(in(states.get(part)));
            Progress progress = Progress.of(List.of(parts), false, expected);
            if (progress.moves(status)) {
                status = Objects.requireNonNull(progress.status());
            }
        }
        return status;
    }

    private static Progress of(int expected, PartState... parts) {
        return Progress.of(List.of(parts), false, expected);
    }

    private static PartState in(DeliveryState state) {
        boolean failed = state.isFinal() && state != DeliveryState.DELIVERED;
        return new PartState(state, AT, failed ? FailureClass.UNREACHABLE : null, failed ? "001" : null);
    }
}
