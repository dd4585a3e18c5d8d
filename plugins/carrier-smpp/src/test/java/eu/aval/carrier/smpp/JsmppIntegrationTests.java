// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static eu.aval.carrier.smpp.Accounts.await;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.spi.Carrier;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.spi.text.Encoding;
import eu.aval.tck.TestingCarrierContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.jsmpp.examples.StressServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Against jSMPP's StressServer as it is: hexadecimal ids in answers, decimal ones in receipts. */
final class JsmppIntegrationTests {

    private static int port;

    private final TestingCarrierContext context = new TestingCarrierContext("jsmpp");

    @BeforeAll
    static void startServer() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Thread server = new Thread(new StressServer(port, 3), "stress-server");
        server.setDaemon(true);
        server.start();
    }

    @Test
    void sendsAndGetsAReceiptForEachMessage() {
        Carrier carrier = Accounts.bound(context, port, "window", "50", "binds", "2", "response-timeout", "PT10S");

        List<SubmitOutcome> outcomes = Flux.range(0, 500)
                .flatMap(number -> carrier.submit(Accounts.request("Code " + number)), 100)
                .collectList()
                .block();

        assertThat(outcomes)
                .hasSize(500)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Accepted.class));
        await(() -> context.stored().size() == 500);
        List<String> ids = outcomes.stream()
                .map(outcome -> ((Accepted) outcome).carrierMessageIds().getFirst())
                .toList();
        assertThat(context.stored()).allSatisfy(event -> {
            Delivery delivery = (Delivery) event;
            assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
            assertThat(delivery.carrierMessageIds()).containsAnyElementsOf(ids);
        });
        Accounts.close(carrier);
    }

    @Test
    void sendsPartsAndUnicodeThatItReads() {
        Carrier carrier = Accounts.bound(context, port, "concatenation", "sar");

        assertThat(Accounts.submit(carrier, "0123456789".repeat(40)))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.carrierMessageIds()).hasSize(3));
        assertThat(Accounts.outcome(carrier.submit(Accounts.builder("Привет, ça va ?")
                        .encoding(Encoding.UCS2)
                        .build())))
                .isInstanceOf(Accepted.class);
        Accounts.close(carrier);
    }
}
