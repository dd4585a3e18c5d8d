// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Limits each key to its requests per second by a token bucket that holds one second's worth. Counted on each node by
 * itself: a key that spreads over n nodes gets up to n times its rate.
 *
 * <p>A batch counts as one request for every {@value #ITEMS} items it holds. It is never refused in its middle: what it
 * takes beyond the bucket is owed, and later requests of the key wait until it is paid.
 */
@Component
public class RateLimits {

    /** Where a caller reads what remains of its quota. */
    public static final String HEADER = "RateLimit";

    /** How many items of a batch count as one request. */
    public static final int ITEMS = 100;

    /**
     * Whether a request may pass, and what to tell about it.
     *
     * @param retryAfterSeconds 0 when it may pass
     */
    record Decision(boolean allowed, String policy, String limit, long retryAfterSeconds) {}

    private record Allowance(Bucket bucket, int requestsPerSecond, String policy) {}

    private final Cache<UUID, Allowance> allowances;

    RateLimits() {
        this.allowances = Caffeine.newBuilder()
                .expireAfterAccess(Duration.ofMinutes(10))
                .maximumSize(100_000)
                .build();
    }

    /**
     * Takes what the items of a batch cost beyond the request itself, which was counted when it came.
     *
     * @return what {@link #HEADER} tells then
     */
    public String chargeBatch(Application application, int items) {
        var allowance = allowance(application);
        long more = (items - 1L) / ITEMS;
        if (more > 0) {
            allowance.bucket().consumeIgnoringRateLimits(more);
        }
        return remaining(allowance, allowance.bucket().getAvailableTokens());
    }

    Decision count(Application application) {
        var allowance = allowance(application);
        var probe = allowance.bucket().tryConsumeAndReturnRemaining(1);
        long wait = probe.isConsumed() ? 0 : Math.max(1, Math.ceilDiv(probe.getNanosToWaitForRefill(), 1_000_000_000L));
        return new Decision(
                probe.isConsumed(), allowance.policy(), remaining(allowance, probe.getRemainingTokens()), wait);
    }

    /** @param tokens below zero what is owed */
    private static String remaining(Allowance allowance, long tokens) {
        long missing = allowance.requestsPerSecond() - tokens;
        return "\"requests\";r=" + Math.max(0, tokens) + ";t="
                + Math.max(1, Math.ceilDiv(missing, allowance.requestsPerSecond()));
    }

    private Allowance allowance(Application application) {
        int rate = application.requestsPerSecond();
        @Nullable Allowance allowance = allowances.getIfPresent(application.keyId());
        if (allowance == null || allowance.requestsPerSecond() != rate) {
            Function<UUID, Allowance> create =
                    key -> new Allowance(bucket(rate), rate, "\"requests\";q=" + rate + ";w=1");
            if (allowance != null) {
                allowances.invalidate(application.keyId());
            }
            allowance = allowances.get(application.keyId(), create);
        }
        return allowance;
    }

    private static Bucket bucket(int rate) {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(rate)
                        .refillGreedy(rate, Duration.ofSeconds(1))
                        .build())
                .withNanosecondPrecision()
                .build();
    }
}
