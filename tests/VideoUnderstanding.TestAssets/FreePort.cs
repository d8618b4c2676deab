using System.Net;
using System.Net.Sockets;

namespace VideoUnderstanding.TestAssets;

/// <summary>Ports of the loopback address for servers in separate processes.</summary>
public static class FreePort
{
    /// <summary>The range ends below 32768. Linux assigns the ports from 32768 on to connections and to servers that listen on port 0, and
    /// one of those could take the port before the process listens or while it restarts.</summary>
    private const int First = 20_000, Count = 12_000;

    private static int _last = Environment.ProcessId * 97;

    /// <summary>Returns a port on which no program listens and that the previous calls have not returned.</summary>
    public static int Take()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another program listens on this port.
            }
        }
        throw new InvalidOperationException($"All ports from {First} to {First + Count - 1} are in use.");
    }
}
