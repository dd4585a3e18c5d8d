// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import io.r2dbc.pool.ConnectionPool;
import java.util.Collection;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the database before anything that needs it, and closes it after. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseSettings.class)
class DatabaseConfiguration {

    @Bean(destroyMethod = "close")
    Database database(DatabaseSettings settings, ApplicationEventPublisher events) {
        Database database = Database.open(settings);
        database.watch(failure -> events.publishEvent(new DatabaseLost(failure.reason(), failure.remedy())));
        return database;
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> databaseStarted(Database database) {
        return ready -> database.started();
    }

    @Bean(destroyMethod = "dispose")
    ConnectionPool appPool(Database database, DatabaseSettings settings) {
        return database.appPool(settings.db().appConnections());
    }

    @Bean(destroyMethod = "dispose")
    ConnectionPool platformPool(Database database, DatabaseSettings settings) {
        return database.platformPool(settings.db().platformConnections());
    }

    /** {@code database} in groups of health. */
    @Bean
    DatabaseHealth databaseHealthIndicator(Collection<ConnectionPool> pools) {
        return new DatabaseHealth(pools);
    }
}
