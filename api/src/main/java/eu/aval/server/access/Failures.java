// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.tenant.StoreFailures;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatusCode;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import reactor.netty.channel.AbortedException;

/** What a caller may know of a failure, over REST and GraphQL alike. */
public final class Failures {

    /** PostgreSQL keeps every character but U+0000. */
    private static final String NO_SUCH_CHARACTER = "22021";

    private Failures() {}

    /** Spring's own failures, the database's, and everything else, as what a caller may know of it. */
    public static Problem planned(Throwable failure) {
        return switch (failure) {
            case Problem problem -> problem;
            case ErrorResponse response -> ofStatus(response.getStatusCode());
            case DataBufferLimitException tooLarge -> ofStatus(HttpStatusCode.valueOf(413));
            case DecodingException malformed -> ofStatus(HttpStatusCode.valueOf(400));
            case AuthenticationException missing ->
                new Problem(ProblemType.UNAUTHENTICATED, "A valid token is required");
            case AccessDeniedException denied -> new Problem(ProblemType.FORBIDDEN, "The role may not do this");
            case CannotCreateTransactionException unreachable -> storeUnavailable();
            case DataAccessResourceFailureException unreachable -> storeUnavailable();
            case TransientDataAccessException passing -> storeUnavailable();
            case TimeoutException late -> storeUnavailable();
            // Nobody reads it; it tells logs and metrics that nothing is wrong here
            case AbortedException gone -> new Problem(ProblemType.MALFORMED_REQUEST, "The request was broken off");
            default -> ofState(StoreFailures.sqlState(failure));
        };
    }

    /** @param state SQLSTATE, null if the database did not give one */
    private static Problem ofState(@Nullable String state) {
        if (state != null && state.startsWith("40")) {
            // rolled back, because two transactions stood in each other's way
            return storeUnavailable();
        }
        return NO_SUCH_CHARACTER.equals(state)
                ? new Problem(ProblemType.INVALID_REQUEST, "The character U+0000 cannot be kept in a text")
                : new Problem(ProblemType.INTERNAL_ERROR, "Something unexpected happened; quote the trace id");
    }

    private static Problem storeUnavailable() {
        return new Problem(
                ProblemType.STORE_UNAVAILABLE, "Nothing was accepted; try again", List.of(), Duration.ofSeconds(1));
    }

    static Problem ofStatus(HttpStatusCode status) {
        return switch (status.value()) {
            case 400 -> new Problem(ProblemType.MALFORMED_REQUEST, "The request cannot be read");
            case 401 -> new Problem(ProblemType.UNAUTHENTICATED, "A valid token is required");
            case 403 -> new Problem(ProblemType.FORBIDDEN, "Not allowed");
            case 404 -> new Problem(ProblemType.NOT_FOUND, "There is nothing at this path");
            case 405 -> new Problem(ProblemType.METHOD_NOT_ALLOWED, "The method does not exist at this path");
            case 406 -> new Problem(ProblemType.NOT_ACCEPTABLE, "There is no representation that Accept allows");
            case 408 -> new Problem(ProblemType.REQUEST_TIMEOUT, "The request did not come in time");
            case 413 -> new Problem(ProblemType.PAYLOAD_TOO_LARGE, "The body is larger than what is taken here");
            case 414 -> new Problem(ProblemType.URI_TOO_LONG, "The request line is longer than what is taken");
            case 415 -> new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body is not of a type that is read here");
            case 431 ->
                new Problem(ProblemType.HEADER_FIELDS_TOO_LARGE, "The header fields are larger than what is taken");
            case 503 -> new Problem(ProblemType.OVERLOADED, "Try again later");
            default ->
                status.is4xxClientError()
                        ? new Problem(ProblemType.MALFORMED_REQUEST, "The request cannot be served")
                        : new Problem(ProblemType.INTERNAL_ERROR, "Something unexpected happened; quote the trace id");
        };
    }
}
