// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.ProblemType;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

final class BlockedMessagesTests {

    @Test
    void areInOneMetricUnderTheirReasons() {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        BlockedMessages.count(meters, ProblemType.SUPPRESSED, 1);
        BlockedMessages.count(meters, ProblemType.NO_CONSENT, 1);
        BlockedMessages.count(meters, ProblemType.SUPPRESSED, 3);

        assertThat(meters.scrape())
                .contains("sms_blocked_total{reason=\"suppressed\"} 4.0")
                .contains("sms_blocked_total{reason=\"no_consent\"} 1.0");
    }
}
