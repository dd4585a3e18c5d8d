// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.spi.submit.MessageClass;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How messages leave.
 *
 * @param enabled whether this node sends at all
 * @param maximumAttempts after so many tries that failed in passing a message has failed
 * @param resendUncertain classes whose messages are sent again when no receipt told for a quarter of an hour whether
 *     they had been sent; for those in which a duplicate does no harm. None by default
 * @param poll how often this node looks for work that nobody signalled
 * @param drain how long a stop waits for outcomes
 * @param uncertainBefore for a database that was restored: what was due before this moment may have been sent by those who
 *     worked on the one that was lost, and is uncertain from the start of this node on
 */
@ConfigurationProperties("aval.dispatch")
record DispatchSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("50") int maximumAttempts,
        @DefaultValue Set<MessageClass> resendUncertain,
        @DefaultValue("200ms") Duration poll,
        @DefaultValue("25s") Duration drain,
        @Nullable Instant uncertainBefore) {}
