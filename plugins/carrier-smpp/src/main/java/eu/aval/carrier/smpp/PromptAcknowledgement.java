// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import jdk.net.ExtendedSocketOptions;

/**
 * Lets TCP acknowledge what it has read at once. It would rather wait for an answer of ours to go with it, 40 ms at most, and
 * ours to a receipt comes when that is stored. A peer with Nagle's algorithm (RFC 1122, 4.2.3.4), such as everything built on
 * jSMPP, holds its next small PDU back until then: of the receipts it could have open it sends one or two.
 *
 * <p>The kernel forgets it with the next answer (tcp(7), {@code TCP_QUICKACK}), so it is told each time. Where it knows no
 * such option, nothing happens.
 */
final class PromptAcknowledgement extends ChannelInboundHandlerAdapter {

    private static final ChannelOption<Boolean> OPTION = NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK);

    @Override
    public void channelRead(ChannelHandlerContext context, Object octets) {
        try {
            context.channel().config().setOption(OPTION, true);
        } catch (ChannelException e) {
            // The connection has ended, as whoever reads it will find out
        }
        context.fireChannelRead(octets);
    }
}
