// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which database. In the environment: {@code AVAL_DATA}, {@code AVAL_DB_URL} and so on.
 *
 * @param data the data directory
 * @param db the database
 */
@ConfigurationProperties("aval")
record DatabaseSettings(
        @DefaultValue("./data") Path data, @DefaultValue Db db) {

    /**
     * @param url login of the owner; absent starts the embedded PostgreSQL
     * @param appUrl a login of its own for one tenant's work; absent lets the owner take the role
     * @param platformUrl the same for work across tenants
     * @param patience how long a start waits for a database that does not answer yet
     * @param migrate whether to bring the schema up to date at start, or only to check it
     * @param appConnections at most, for one tenant's work
     * @param platformConnections at most, across tenants
     */
    record Db(
            @Nullable String url,
            @Nullable String appUrl,
            @Nullable String platformUrl,
            @DefaultValue("60s") Duration patience,
            @DefaultValue("true") boolean migrate,
            @DefaultValue("8") int appConnections,
            @DefaultValue("6") int platformConnections) {}
}
