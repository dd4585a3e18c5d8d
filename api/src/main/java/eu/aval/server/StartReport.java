// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says where the server is to be found, once it can be used. */
@Component
class StartReport implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(StartReport.class);

    private final Environment environment;

    StartReport(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        Duration taken = ready.getTimeTaken();
        log.info(
                "Aval is ready on port {} after {} s",
                environment.getProperty("local.server.port", "?"),
                taken == null ? "?" : taken.toSeconds());
    }
}
