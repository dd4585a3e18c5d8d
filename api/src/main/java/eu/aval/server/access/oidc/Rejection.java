// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.oidc;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.time.Duration;
import java.util.List;

/** Why a token is not believed, or grants nothing. What the caller is told repeats nothing of the token. */
enum Rejection {
    MALFORMED(ProblemType.UNAUTHENTICATED, "The token cannot be read"),
    UNKNOWN_ISSUER(ProblemType.UNAUTHENTICATED, "The issuer of the token is not trusted here"),
    ALGORITHM(ProblemType.UNAUTHENTICATED, "The token is not signed in a way that is accepted"),
    UNKNOWN_KEY(ProblemType.UNAUTHENTICATED, "The issuer has no such key"),
    SIGNATURE(ProblemType.UNAUTHENTICATED, "The signature of the token is not its issuer's"),
    EXPIRED(ProblemType.UNAUTHENTICATED, "The token has expired"),
    NOT_YET_VALID(ProblemType.UNAUTHENTICATED, "The token is not valid yet"),
    AUDIENCE(ProblemType.UNAUTHENTICATED, "The token is for somebody else"),
    CLIENT(ProblemType.UNAUTHENTICATED, "The token was issued to another client"),
    NO_SUBJECT(ProblemType.UNAUTHENTICATED, "The token does not say whose it is"),
    NO_ROLE(ProblemType.FORBIDDEN, "The token grants no role"),
    CONFLICTING_ROLES(
            ProblemType.FORBIDDEN,
            "The token grants roles that no one person may have: ADMIN, DPO and AUDITOR stand alone"),
    NO_TENANT(ProblemType.FORBIDDEN, "The token grants no tenant"),
    SUSPENDED(ProblemType.FORBIDDEN, "An administrator has suspended this person"),
    ISSUER_UNAVAILABLE(ProblemType.FACTS_UNAVAILABLE, "The keys of the issuer cannot be read"),
    OVERLOADED(ProblemType.OVERLOADED, "Too many tokens to check");

    private final ProblemType type;
    private final String detail;

    Rejection(ProblemType type, String detail) {
        this.type = type;
        this.detail = detail;
    }

    Rejected asException() {
        return new Rejected(this);
    }

    Problem problem() {
        return new Problem(type, detail, List.of(), type.isRetryable() ? Duration.ofSeconds(2) : null);
    }

    /** On its way to be counted and told. */
    static final class Rejected extends RuntimeException {

        private final Rejection reason;

        private Rejected(Rejection reason) {
            super(reason.name(), null, false, false);
            this.reason = reason;
        }

        Rejection reason() {
            return reason;
        }
    }
}
