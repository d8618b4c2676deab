using System.Net;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Resolves a host name. Tests replace the system's resolver.</summary>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);
