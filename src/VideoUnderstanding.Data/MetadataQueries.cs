using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data;

/// <summary>PostgreSQL-specific conditions on custom metadata.</summary>
public static class MetadataQueries
{
    /// <summary>Returns videos whose custom metadata contains one of two JSON objects. Containment uses the GIN index. The objects must be
    /// in the format of <see cref="Words.NormalFields"/>.</summary>
    public static IQueryable<Video> WithMetadata(this IQueryable<Video> videos, string one, string other)
        => videos.Where(video => EF.Functions.JsonContains(video.NormalCustomMetadata!, one)
            || EF.Functions.JsonContains(video.NormalCustomMetadata!, other));
}
