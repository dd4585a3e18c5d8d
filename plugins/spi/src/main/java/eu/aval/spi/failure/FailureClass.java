// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.failure;

/**
 * Why a message did not go, or did not arrive: the one alphabet of the platform. A carrier's own code stands beside it
 * in {@link CarrierError}, never instead of it.
 *
 * <p>Removing a constant is a breaking change. Metrics, problems, webhooks and documentation use the names as they are.
 */
public enum FailureClass {
    /** The number does not exist or is not assigned. */
    INVALID_NUMBER(true, false),
    /** A landline or another kind of line that takes no SMS. */
    NOT_MOBILE(true, false),
    /** This carrier does not serve the country or network; another may. */
    DESTINATION_UNSUPPORTED(true, true),
    /** Handset off or out of coverage. */
    UNREACHABLE(false, false),
    HANDSET_FULL(false, false),
    HANDSET_ERROR(false, false),
    /** The person refused messages, as the carrier knows it. Never rerouted; the suppression list learns it. */
    OPTED_OUT(true, false),
    /** Content or traffic filter of the carrier. */
    CARRIER_FILTERED(true, false),
    /** The sender is not allowed on this carrier. */
    SENDER_REJECTED(true, true),
    THROTTLED(false, false),
    QUEUE_FULL(false, true),
    /** The validity period ended first. */
    EXPIRED(true, false),
    /** No bind, connection refused, breaker open. */
    ROUTE_DOWN(false, true),
    /** The carrier failed in a way that says nothing of the message. */
    CARRIER_ERROR(false, true),
    /** Too long, wrong encoding, malformed request: the same message fails everywhere. */
    CONTENT_INVALID(true, false),
    /** The account has no credit. Holds the account until its health is up again. */
    CREDIT(true, true),
    /** The account's credentials are refused or it is suspended. Holds the account until its health is up again. */
    AUTH(true, true),
    /** The carrier has seen this idempotency key before. */
    DUPLICATE(true, false),
    /** Consent, quota, country, hours, price: ours or the carrier's rule. */
    POLICY(true, false),
    UNKNOWN(false, false);

    private final boolean permanent;
    private final boolean failover;

    FailureClass(boolean permanent, boolean failover) {
        this.permanent = permanent;
        this.failover = failover;
    }

    /** Whether the same message on the same carrier fails again. */
    public boolean isPermanent() {
        return permanent;
    }

    /** Whether another carrier may be tried. False for everything that is about the recipient or the content. */
    public boolean allowsFailover() {
        return failover;
    }

    /** Whether the whole account is at fault, and waits until its health is up again. */
    public boolean holdsAccount() {
        return this == CREDIT || this == AUTH;
    }
}
