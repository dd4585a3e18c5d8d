// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

/**
 * All the rules. A carrier's test class implements this, gives a provider and a {@link CarrierFixture}, and says no to
 * what the carrier does not do:
 *
 * <pre>{@code
 * final class AcmeTckTests implements CarrierTck {
 *
 *     @Override
 *     public CarrierProvider provider() {
 *         return new AcmeCarrierProvider();
 *     }
 *
 *     @Override
 *     public CarrierFixture fixture() {
 *         return new AcmeFixture();
 *     }
 *
 *     @Override
 *     public boolean has(CarrierBehavior behavior) {
 *         return behavior != CarrierBehavior.INBOUND;
 *     }
 * }
 * }</pre>
 *
 * <p>The number in a test's name is the number of the rule in {@code plugins/README.md}. Beside its own rule every test
 * checks two: nothing blocks a non-blocking thread (R512), and no log line holds a number, a text or a secret (R601).
 * The JVM needs {@code -XX:+AllowRedefinitionToAddDeleteMethods}, which {@code carrier-parent} sets.
 */
public interface CarrierTck
        extends DescriptorTck, SubmitTck, UncertaintyTck, ReceiptTck, InboundTck, LifecycleTck, PrivacyTck {}
