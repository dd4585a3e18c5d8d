// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.carrier.smpp.SmppOutcomes.Kind;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SmppOutcomesTests {

    private final SmppOutcomes outcomes = SmppOutcomes.with(Map.of(), Map.of());

    @ParameterizedTest
    @CsvSource({
        "0x00, ACCEPTED, UNKNOWN", "0x01, REJECTED, CONTENT_INVALID", "0x02, REJECTED, CONTENT_INVALID",
        "0x03, REJECTED, CONTENT_INVALID", "0x04, REBIND, UNKNOWN", "0x05, REBIND, UNKNOWN",
        "0x06, REJECTED, CONTENT_INVALID", "0x07, REJECTED, CONTENT_INVALID", "0x08, UNAVAILABLE, UNKNOWN",
        "0x0A, REJECTED, SENDER_REJECTED", "0x0B, REJECTED, INVALID_NUMBER", "0x0C, REJECTED, CONTENT_INVALID",
        "0x0D, REJECTED, AUTH", "0x0E, REJECTED, AUTH", "0x0F, REJECTED, AUTH",
        "0x11, REJECTED, CARRIER_ERROR", "0x13, REJECTED, CARRIER_ERROR", "0x14, THROTTLED, UNKNOWN",
        "0x15, REJECTED, CONTENT_INVALID", "0x43, REJECTED, CONTENT_INVALID", "0x45, REJECTED, CARRIER_ERROR",
        "0x48, REJECTED, SENDER_REJECTED", "0x49, REJECTED, SENDER_REJECTED", "0x50, REJECTED, INVALID_NUMBER",
        "0x51, REJECTED, INVALID_NUMBER", "0x53, REJECTED, AUTH", "0x54, REJECTED, CONTENT_INVALID",
        "0x58, THROTTLED, UNKNOWN", "0x61, REJECTED, CONTENT_INVALID", "0x62, REJECTED, CONTENT_INVALID",
        "0x63, REJECTED, CONTENT_INVALID", "0x64, UNAVAILABLE, UNKNOWN", "0x65, REJECTED, CARRIER_ERROR",
        "0x66, REJECTED, CARRIER_ERROR", "0x67, REJECTED, CARRIER_ERROR", "0xC0, REJECTED, CONTENT_INVALID",
        "0xC1, REJECTED, CONTENT_INVALID", "0xC2, REJECTED, CONTENT_INVALID", "0xC3, REJECTED, CONTENT_INVALID",
        "0xC4, REJECTED, CONTENT_INVALID", "0xFE, REJECTED, CARRIER_ERROR", "0xFF, REJECTED, CARRIER_ERROR",
        "0x100, REJECTED, POLICY", "0x101, REJECTED, POLICY", "0x102, UNAVAILABLE, UNKNOWN",
        "0x103, REJECTED, POLICY", "0x104, REJECTED, CONTENT_INVALID", "0x4FF, REJECTED, CARRIER_ERROR",
        "0x7FFFFFFF, REJECTED, CARRIER_ERROR"
    })
    void knowsEveryStatus(String status, Kind kind, FailureClass reason) {
        SmppOutcomes.Meaning meaning = outcomes.of(Integer.decode(status));

        assertThat(meaning.kind()).isEqualTo(kind);
        assertThat(meaning.reason()).isEqualTo(reason);
    }

    @Test
    void letsTheCarrierMeanSomethingElse() {
        SmppOutcomes own = SmppOutcomes.with(Map.of(0x400, "UNAVAILABLE", 0x45, "OPTED_OUT"), Map.of());

        assertThat(own.of(0x400).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(own.of(0x45).reason()).isEqualTo(FailureClass.OPTED_OUT);
        assertThat(own.error(0x400).code()).isEqualTo("0x00000400");
    }

    @Test
    void tellsWhyAReceiptFailed() {
        SmppOutcomes own = SmppOutcomes.with(Map.of(), Map.of("53", "OPTED_OUT"));

        assertThat(own.reason(DeliveryState.UNDELIVERED, "053", null)).isEqualTo(FailureClass.OPTED_OUT);
        assertThat(own.reason(DeliveryState.UNDELIVERED, null, new byte[] {3, 0, 27}))
                .isEqualTo(FailureClass.UNREACHABLE);
        assertThat(own.reason(DeliveryState.EXPIRED, "999", null)).isEqualTo(FailureClass.EXPIRED);
        assertThat(own.reason(DeliveryState.DELIVERED, "053", null)).isNull();
    }
}
