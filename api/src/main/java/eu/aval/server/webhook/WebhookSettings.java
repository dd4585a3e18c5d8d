// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How tenants' systems are told.
 *
 * @param enabled whether this node tells anybody at all
 * @param insecure for development only: takes {@code http} addresses, and receivers on this machine
 * @param allowedNetworks networks, as {@code 10.1.0.0/16}, in which receivers may be though they are not public
 * @param poll how often this node looks for what nobody signalled
 * @param timeout of a request as a whole
 * @param lease for how long what one node tells is left alone by the others; longer than {@code timeout}
 * @param concurrency requests that one endpoint is sent at the same time, by each node
 * @param disableAfter an endpoint that has failed for so long, with no success between, is disabled
 * @param overlap how long the earlier secret signs too after a rotation that says nothing of it
 * @param eventRetention how long events can be told again
 * @param attemptRetention how long the delivery log is kept
 * @param heartbeat a stream of events says something at least as often
 * @param streamDuration after so long a stream ends, and its reader comes again with its key
 * @param streams that one key may have open on each node
 */
@ConfigurationProperties("aval.webhooks")
public record WebhookSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean insecure,
        @DefaultValue List<String> allowedNetworks,
        @DefaultValue("200ms") Duration poll,
        @DefaultValue("20s") Duration timeout,
        @DefaultValue("60s") Duration lease,
        @DefaultValue("32") int concurrency,
        @DefaultValue("5d") Duration disableAfter,
        @DefaultValue("24h") Duration overlap,
        @DefaultValue("7d") Duration eventRetention,
        @DefaultValue("30d") Duration attemptRetention,
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("15m") Duration streamDuration,
        @DefaultValue("10") int streams) {

    /** @throws IllegalArgumentException for values with which events would be told twice, or be gone before they are told */
    public WebhookSettings {
        allowedNetworks = List.copyOf(allowedNetworks);
        if (lease.compareTo(timeout.plusSeconds(5)) < 0) {
            throw new IllegalArgumentException("aval.webhooks.lease must be longer than aval.webhooks.timeout by 5 s");
        }
        if (eventRetention.compareTo(Duration.ofDays(4)) < 0) {
            throw new IllegalArgumentException(
                    "aval.webhooks.event-retention must outlast the retries: 4 days or more");
        }
        if (concurrency < 1) {
            throw new IllegalArgumentException("aval.webhooks.concurrency must be at least 1");
        }
    }
}
