// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import java.net.URI;
import java.util.Locale;

/**
 * The closed catalogue of what can go wrong for a caller. REST (RFC 9457) and GraphQL errors are two renderings of it.
 * Names are stable codes: renaming or removing one is a breaking change.
 */
public enum ProblemType {
    MALFORMED_REQUEST(400, false, "The request cannot be read"),
    INVALID_REQUEST(422, false, "The request has invalid fields"),
    IDEMPOTENCY_KEY_INVALID(400, false, "The Idempotency-Key header cannot be used"),
    UNAUTHENTICATED(401, false, "Authentication is required"),
    FORBIDDEN(403, false, "Not allowed"),
    PURPOSE_NOT_GRANTED(403, false, "The key may not send for this purpose"),
    SENDER_NOT_GRANTED(403, false, "The key may not use this sender"),
    RECIPIENT_NOT_GRANTED(403, false, "The key may not write to this recipient"),
    NOT_FOUND(404, false, "Not found"),
    METHOD_NOT_ALLOWED(405, false, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, false, "No acceptable representation"),
    REQUEST_TIMEOUT(408, true, "The request did not come in time"),
    IDEMPOTENCY_IN_FLIGHT(409, true, "A request with this Idempotency-Key is still running"),
    NOT_CANCELLABLE(409, false, "The message has left or ended"),
    CONFLICT(409, false, "It conflicts with what is there"),
    EVENTS_GONE(410, false, "Events are not kept that long"),
    PAYLOAD_TOO_LARGE(413, false, "The request is too large"),
    URI_TOO_LONG(414, false, "The target of the request is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, false, "The media type is not supported"),
    IDEMPOTENCY_KEY_REUSED(422, false, "The Idempotency-Key was used with another request"),
    PURPOSE_REQUIRED(422, false, "A purpose is required"),
    PURPOSE_UNKNOWN(422, false, "The purpose is not declared"),
    INVALID_NUMBER(422, false, "The number is not valid"),
    NOT_MOBILE(422, false, "The number takes no SMS"),
    COUNTRY_NOT_ALLOWED(422, false, "The recipient's country is not allowed"),
    SENDER_NOT_DECLARED(422, false, "The sender is not declared"),
    SENDER_FORBIDDEN(422, false, "No such sender may be used"),
    STOP_ROUTE_REQUIRED(422, false, "The sender offers no way to opt out"),
    SECTOR_FORBIDDEN(422, false, "Such messages are forbidden in this sector"),
    TOO_MANY_PARTS(422, false, "The text needs too many parts"),
    ENCODING_NOT_POSSIBLE(422, false, "The text does not fit the encoding"),
    NO_CONSENT(422, false, "No consent is on record"),
    SUPPRESSED(422, false, "The recipient has opted out"),
    OUTSIDE_HOURS(422, false, "No hours are open for such a message"),
    RULE_PACK_NOT_IN_FORCE(422, false, "The rule pack is not in force"),
    MINOR_FORBIDDEN(422, false, "Such messages may not go to minors"),
    AGE_BAND_REQUIRED(422, false, "The recipient's age is not on record"),
    JOINT_CONSENT_REQUIRED(422, false, "A child and a guardian have to consent together"),
    RECONFIRM_REQUIRED(422, false, "The recipient has to consent anew"),
    NO_ROUTE(422, false, "No route serves this message"),
    RESIDENCY_NOT_MET(422, false, "No route stays within the residency"),
    PRICE_UNKNOWN(422, false, "The price is not known"),
    PRICE_TOO_HIGH(422, false, "The price is higher than allowed"),
    QUERY_TOO_COSTLY(422, false, "The query asks for too much"),
    HEADER_FIELDS_TOO_LARGE(431, false, "The header fields are too large"),
    QUOTA_EXCEEDED(429, true, "Too many requests"),
    RECIPIENT_LIMIT_REACHED(429, true, "The recipient has been sent enough for now"),
    COOL_DOWN(429, true, "The last one-time code is too recent"),
    BLOCK_LIMIT_REACHED(429, true, "Too many one-time codes to neighbouring numbers"),
    TENANT_QUOTA_REACHED(429, true, "The tenant's quota is used up"),
    SPEND_LIMIT_REACHED(429, true, "The tenant has spent what it may"),
    STORE_UNAVAILABLE(503, true, "The database cannot be reached"),
    OVERLOADED(503, true, "The server takes no more for the moment"),
    FACTS_UNAVAILABLE(503, true, "What the decision needs cannot be read"),
    INTERNAL_ERROR(500, true, "Unexpected error");

    private final int status;
    private final boolean retryable;
    private final String title;

    ProblemType(int status, boolean retryable, String title) {
        this.status = status;
        this.retryable = retryable;
        this.title = title;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the same request can succeed later. */
    public boolean isRetryable() {
        return retryable;
    }

    public String title() {
        return title;
    }

    /** The {@code type} member of RFC 9457; relative, so that it resolves against the server's error catalogue. */
    public URI uri() {
        return URI.create("/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
