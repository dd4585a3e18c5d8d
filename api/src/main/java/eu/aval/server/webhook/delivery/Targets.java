// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where requests may go: to public addresses, and to networks that were named. An address that is not known to be public
 * is not: of IPv6 only global unicast counts, without what leads to an IPv4 address inside it.
 */
public final class Targets {

    private static final List<IpSubnetFilterRule> NOT_PUBLIC = rules(Stream.of(
            // IANA's registry of special-purpose addresses
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            // Teredo, ORCHID and other assignments of the IETF
            "2001::/23",
            "2001:db8::/32",
            // 6to4
            "2002::/16",
            "2620:4f:8000::/48",
            "3fff::/20"));
    private static final List<IpSubnetFilterRule> GLOBAL = rules(Stream.of("2000::/3"));
    private static final List<IpSubnetFilterRule> THIS_MACHINE = rules(Stream.of("127.0.0.0/8", "::1/128"));

    private final boolean insecure;
    private final List<IpSubnetFilterRule> allowed;

    /**
     * @param insecure also {@code http}, and this machine
     * @param networks as {@code 10.1.0.0/16}: not public and allowed all the same
     */
    public Targets(boolean insecure, List<String> networks) {
        this.insecure = insecure;
        this.allowed = rules(networks.stream());
    }

    /** Whether a connection may be made to it. */
    public boolean allows(InetAddress address) {
        if (matches(allowed, address) || (insecure && matches(THIS_MACHINE, address))) {
            return true;
        }
        boolean ip4 = address.getAddress().length == 4;
        return (ip4 || matches(GLOBAL, address)) && !matches(NOT_PUBLIC, address);
    }

    /** What is wrong with the address of an endpoint, before its name is looked up; null is nothing. */
    public @Nullable String defect(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (java.net.URISyntaxException e) {
            return "An absolute https address.";
        }
        String host = uri.getHost();
        if (host == null || host.isEmpty() || uri.getScheme() == null || url.length() > 2000) {
            return "An absolute https address of at most 2,000 characters.";
        }
        if (!uri.getScheme().equalsIgnoreCase("https")
                && !(insecure && uri.getScheme().equalsIgnoreCase("http"))) {
            return "Only https.";
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return "Without credentials and without a fragment.";
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            return "A port from 1 to 65535.";
        }
        InetAddress literal = literal(host);
        // what looks like IPv6 and is not read as such is not guessed at
        return (literal == null ? host.indexOf(':') >= 0 : !allows(literal)) ? "This address is not public." : null;
    }

    /** The address that a host is written as; null when it is a name. */
    private static @Nullable InetAddress literal(String host) {
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return octets == null ? null : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static boolean matches(List<IpSubnetFilterRule> rules, InetAddress address) {
        var socket = new InetSocketAddress(address, 443);
        return rules.stream().anyMatch(rule -> rule.matches(socket));
    }

    private static List<IpSubnetFilterRule> rules(Stream<String> networks) {
        return networks.map(network -> {
                    int slash = network.indexOf('/');
                    String address = slash < 0 ? network : network.substring(0, slash);
                    InetAddress literal = literal(address);
                    if (literal == null) {
                        throw new IllegalArgumentException("Not a network, as 10.1.0.0/16: " + network);
                    }
                    int prefix = slash < 0
                            ? literal.getAddress().length * 8
                            : Integer.parseInt(network.substring(slash + 1));
                    return new IpSubnetFilterRule(literal, prefix, IpFilterRuleType.ACCEPT);
                })
                .toList();
    }
}
