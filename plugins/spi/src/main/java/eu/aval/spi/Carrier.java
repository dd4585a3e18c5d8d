// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi;

import eu.aval.spi.submit.Reconciliation;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * One open carrier account. Must be thread-safe and must never block: the host runs each account on a thread of its
 * own, so a plugin that blocks stops itself and nobody else.
 *
 * <p>Privacy: a carrier never logs a number, a text, a secret or a URL with a query, and never puts one in an exception.
 */
public interface Carrier {

    /**
     * Hands one message to the carrier. Called once for each attempt, when the attempt is on record. Nothing may happen
     * before subscription. Must emit exactly one outcome, within {@link Throughput#timeout()}; an error, an empty
     * completion or silence is a bug, recorded as {@link SubmitOutcome.Uncertain}.
     *
     * <p>Cancelling does not un-send: after the first byte left, the host counts a cancelled submit as uncertain. A
     * cancelled submit must give back its place in the window.
     */
    Mono<SubmitOutcome> submit(SubmitRequest request);

    /**
     * Asks the carrier about a message whose submit was uncertain. Only called when {@link Capability#RECONCILE} is
     * declared.
     */
    default Mono<Reconciliation> reconcile(SubmitRequest sent) {
        return Mono.just(new Reconciliation.Unsupported());
    }

    /**
     * What this account can do where its settings leave less than {@link CarrierDescriptor#capabilities()}: a bind that
     * only transmits has no receipts. The host takes what is in both. Constant for the life of the account.
     */
    default Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    /** How the account is. Cheap, and sends no message; called every few seconds. */
    Mono<CarrierHealth> health();

    /** How fast the host may go; read before each claim, so it may change at run time. */
    Throughput throughput();

    /**
     * Ends the account: takes no new submit (they are {@link SubmitOutcome.Unavailable}), lets those under way finish
     * for at most {@code grace}, ends the rest as uncertain, closes connections and threads. Idempotent. Afterwards
     * nothing of the plugin may run.
     */
    Mono<Void> close(Duration grace);
}
