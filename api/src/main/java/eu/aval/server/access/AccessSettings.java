// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What may be seen without a token.
 *
 * @param publicMetrics whether {@code /actuator/prometheus} is open, for a scraper on a private network; else an
 *     operator's token opens it
 * @param graphiql whether the GraphiQL page and introspection are there
 */
@ConfigurationProperties("aval.access")
record AccessSettings(
        @DefaultValue("false") boolean publicMetrics,
        @DefaultValue("false") boolean graphiql) {}
