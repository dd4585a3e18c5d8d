// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import eu.aval.server.database.DatabaseLost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Ends a server whose own database is gone for good: whoever supervises it sees that, and why. */
@Component
class LostDatabase {

    private static final Logger log = LoggerFactory.getLogger(LostDatabase.class);

    private final ApplicationContext context;

    LostDatabase(ApplicationContext context) {
        this.context = context;
    }

    @EventListener
    void end(DatabaseLost lost) {
        log.error("The server ends: {} {}", lost.reason(), lost.remedy());
        // Closing waits for the thread that told
        Thread.ofPlatform()
                .name("ending")
                .start(() -> Runtime.getRuntime().halt(SpringApplication.exit(context, () -> 1)));
    }
}
