// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierContext;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.config.ConfigurationProperty;
import eu.aval.spi.config.Secret;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Encoding;
import eu.aval.spi.text.Text;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;

/** Opens accounts as the host would, with short timers, and writes requests. */
final class Accounts {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static final Address HANDSET = Address.e164("+33639980001");
    static final Address SENDER = Address.of(Address.Kind.ALPHANUMERIC, "AVAL");

    private Accounts() {}

    /** Settings in pairs of name and value, on top of the defaults. */
    static CarrierConfiguration configuration(int port, String... settings) {
        Map<String, String> values = new HashMap<>();
        for (ConfigurationProperty property : SmppSettings.ALL) {
            if (property.defaultValue() != null) {
                values.put(property.name(), property.defaultValue());
            }
        }
        values.put("host", "localhost");
        values.put("port", Integer.toString(port));
        values.put("system-id", "user1");
        values.put("response-timeout", "PT30S");
        values.put("bind-timeout", "PT10S");
        values.put("reconnect-minimum", "PT0.1S");
        values.put("reconnect-maximum", "PT0.5S");
        values.put("throttle-pause", "PT0.3S");
        for (int i = 0; i < settings.length; i += 2) {
            values.put(settings[i], settings[i + 1]);
        }
        return CarrierConfiguration.of(values, Map.of("password", Secret.of("Tr0ub4d0")));
    }

    static Carrier open(CarrierContext context, int port, String... settings) {
        Carrier carrier = new SmppCarrierProvider()
                .open(configuration(port, settings), context)
                .block();
        if (carrier == null) {
            throw new IllegalStateException("A provider always opens a carrier");
        }
        return carrier;
    }

    /** Opens an account and waits until all of it is bound. */
    static Carrier bound(CarrierContext context, int port, String... settings) {
        Carrier carrier = open(context, port, settings);
        await(() -> status(carrier) == CarrierHealth.Status.UP);
        return carrier;
    }

    static CarrierHealth.Status status(Carrier carrier) {
        return health(carrier).status();
    }

    static CarrierHealth health(Carrier carrier) {
        CarrierHealth health = carrier.health().block();
        if (health == null) {
            throw new IllegalStateException("A carrier always has a health");
        }
        return health;
    }

    static SubmitRequest request(String text) {
        return builder(text).build();
    }

    static SubmitRequest.Builder builder(String text) {
        return SubmitRequest.builder(UUID.randomUUID(), HANDSET, SENDER, Text.of(text))
                .encoding(Encoding.GSM7);
    }

    static SubmitOutcome submit(Carrier carrier, String text) {
        return outcome(carrier.submit(request(text)));
    }

    static SubmitOutcome outcome(Mono<SubmitOutcome> submit) {
        SubmitOutcome outcome = submit.block(PATIENCE);
        if (outcome == null) {
            throw new IllegalStateException("A submit always has an outcome");
        }
        return outcome;
    }

    static void close(Carrier carrier) {
        carrier.close(Duration.ofMillis(200)).block(PATIENCE);
    }

    static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("Waited in vain");
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
