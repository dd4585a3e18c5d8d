// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetsTests {

    private final Targets strict = new Targets(false, List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.9.9.9",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254",
                "::10.0.0.1",
                "::7f00:1",
                "64:ff9b::10.0.0.1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:a00:1::",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void refusesWhatIsNotPublic(String address) {
        assertThat(strict.allows(of(address))).isFalse();
        assertThat(strict.defect("https://" + (address.contains(":") ? "[" + address + "]" : address) + "/hook"))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "100.63.255.255",
                "100.128.0.1",
                "172.32.0.1",
                "193.0.0.1",
                "2606:4700::1111",
                "2a01:4f8::1"
            })
    void allowsWhatIsPublic(String address) {
        assertThat(strict.allows(of(address))).isTrue();
    }

    @Test
    void allowsNetworksThatAreNamed() {
        Targets targets = new Targets(false, List.of("10.1.0.0/16", "fd12::/32"));

        assertThat(targets.allows(of("10.1.2.3"))).isTrue();
        assertThat(targets.allows(of("10.2.2.3"))).isFalse();
        assertThat(targets.allows(of("fd12::9"))).isTrue();
        assertThat(targets.allows(of("127.0.0.1"))).isFalse();
        assertThatThrownBy(() -> new Targets(false, List.of("intranet"))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "ftp://example.com/",
                "example.com/hook",
                "https:///hook",
                "https://",
                "https://user:secret@example.com/",
                "https://example.com/#part",
                "https://exa mple.com/",
                "https://example.com:0/",
                "https://example.com:65536/",
                "file:///etc/passwd"
            })
    void refusesAddressesOfOtherForms(String url) {
        assertThat(strict.defect(url)).isNotNull();
    }

    @Test
    void takesPlainHttpAndThisMachineForDevelopmentOnly() {
        Targets development = new Targets(true, List.of());

        assertThat(strict.defect("https://example.com:8443/hook?tenant=1")).isNull();
        assertThat(development.defect("http://127.0.0.1:9000/hook")).isNull();
        assertThat(development.defect("http://10.0.0.1/hook")).isNotNull();
        assertThat(development.defect("http://169.254.169.254/latest")).isNotNull();
    }

    private static InetAddress of(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
