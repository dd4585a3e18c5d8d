// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * What may be seen without a token, and how much in clear.
 *
 * @param publicMetrics whether {@code /actuator/prometheus} is open, for a scraper on a private network; else an
 *     operator's token opens it
 * @param graphiql whether the GraphiQL page and introspection are there; by default they are with the embedded database
 * @param unmaskPerMinute how many records one person may see in clear, on each node
 */
@ConfigurationProperties("aval.access")
public record AccessSettings(
        @DefaultValue("false") boolean publicMetrics,
        @Nullable Boolean graphiql,
        @DefaultValue("30") int unmaskPerMinute) {

    public AccessSettings {
        if (unmaskPerMinute < 1) {
            throw new IllegalArgumentException("aval.access.unmask-per-minute must be at least 1");
        }
    }

    /** Whether the GraphiQL page and introspection are there. */
    public boolean showsGraphiql(Environment environment) {
        return graphiql == null ? !StringUtils.hasText(environment.getProperty("aval.db.url")) : graphiql;
    }
}
