// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.webhook.Receiver;
import eu.aval.server.webhook.SigningKey;
import eu.aval.server.webhook.WebhookAttempt.Outcome;
import eu.aval.server.webhook.delivery.WebhookClient.Answer;
import eu.aval.server.webhook.delivery.WebhookClient.Request;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;
import reactor.core.scheduler.Schedulers;

/** In a process of its own: whatever is loaded once has been loaded here by other tests. */
final class FirstWebhookTests {

    @Test
    void loadsAllItNeedsBeforeItLeaves() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+AllowRedefinitionToAddDeleteMethods",
                        "-XX:+EnableDynamicAgentLoading",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        FirstWebhook.class.getName())
                .redirectErrorStream(true)
                .start();
        String told = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(told).isZero();
        assertThat(told).contains("answered " + Outcome.UNREACHABLE).doesNotContain("blocked");
    }

    /** Sends from a thread that may not block to what turns out to speak no TLS, and prints what blocked. */
    static final class FirstWebhook {

        private FirstWebhook() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) {
            Queue<Throwable> blocked = new ConcurrentLinkedQueue<>();
            // its transport is loaded by then, as the server's is
            Receiver receiver = new Receiver();
            List<SigningKey> keys = Arrays.stream(SigningKey.Scheme.values())
                    .map(scheme -> SigningKey.create(scheme, new SecureRandom()).key())
                    .toList();
            BlockHound.builder()
                    .loadIntegrations()
                    .blockingMethodCallback(method -> blocked.add(new Throwable(method.toString())))
                    .install();
            WebhookClient client =
                    new WebhookClient(new Targets(true, List.of()), Duration.ofMinutes(1), Clock.systemUTC());
            Answer answer = client.send(new Request(
                            "https://127.0.0.1:" + receiver.port() + "/a", TimeOrderedId.next(), "{}", keys))
                    .subscribeOn(Schedulers.parallel())
                    .blockOptional(Duration.ofMinutes(2))
                    .orElseThrow();
            blocked.forEach(each -> {
                System.out.println("blocked");
                each.printStackTrace(System.out);
            });
            System.out.println("answered " + answer.outcome());
            System.exit(0);
        }
    }
}
