// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import eu.aval.spi.Capability;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.Throughput;
import eu.aval.spi.submit.Reconciliation;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import java.util.Set;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * One configured account of a carrier, ready to take messages on this node. The same object from {@code OPENED} to
 * {@code CLOSED}: a new version of the plugin or new settings go in behind it, and no message is lost over that.
 *
 * <p>Nothing here blocks or throws, whatever the plugin does. What is emitted is emitted on a thread of the host.
 */
public interface CarrierAccount {

    UUID id();

    /** Label in metrics, not personal. */
    String name();

    /** The plugin's id. */
    String carrierId();

    /** Whether messages end in this process: what test keys may reach. */
    boolean simulator();

    Set<Capability> capabilities();

    /**
     * Sends one message: rate limiter, window, circuit breaker, timeout, plugin. Emits exactly one outcome and never
     * an error. What the host itself holds back is {@link SubmitOutcome.Throttled} (too fast, no free place) or
     * {@link SubmitOutcome.Unavailable} (breaker open, on hold, closed) and has certainly not been sent; respect
     * {@link #freeSubmits()} and {@link #freeParts()} and it hardly happens. A plugin that fails or is silent makes
     * {@link SubmitOutcome.Uncertain}.
     *
     * @param parts what the message counts for in the rate
     */
    Mono<SubmitOutcome> submit(SubmitRequest request, int parts);

    /** Asks about an uncertain submit; {@code Unsupported} when the carrier cannot be asked or its plugin fails. */
    Mono<Reconciliation> reconcile(SubmitRequest sent);

    /**
     * Whether a submit has a chance now: open, session lease held, breaker not open, health neither down nor on hold.
     */
    boolean available();

    /** Free places in the window; 0 while not {@link #available()}. A place is free before its outcome is emitted. */
    int freeSubmits();

    /** Parts that may go at once; 0 while not {@link #available()}, {@link Integer#MAX_VALUE} without a limit. */
    int freeParts();

    /**
     * The tighter of the carrier's and the account's limits, this node's share of it, and lower after the carrier
     * throttled.
     */
    Throughput throughput();

    /** As last asked; the host's own word while the plugin does not answer. */
    CarrierHealth health();

    Breaker breaker();

    /** The state of the account's circuit breaker. */
    enum Breaker {
        CLOSED,
        HALF_OPEN,
        OPEN
    }
}
