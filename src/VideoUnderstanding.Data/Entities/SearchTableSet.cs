using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VideoUnderstanding.Data.Entities;

/// <summary>The tables and models that an index uses. An index without a row uses the shared tables (generation 0) and the profile of the
/// installation. docs/decisions/0020-model-generations.md.</summary>
public sealed class SearchTableSet
{
    public required string IndexId { get; init; }

    /// <summary>Generation of the tables that searches read; part of the table names. 0: the shared tables.</summary>
    public int Generation { get; set; }

    /// <summary>Profile whose models made the vectors of <see cref="Generation"/>; null: the profile of the installation.</summary>
    public string? Profile { get; set; }

    /// <summary>The generation before the last switch; null if there is none or it was deleted.</summary>
    public int? PreviousGeneration { get; set; }

    /// <summary>Like <see cref="Profile"/>; undefined without <see cref="PreviousGeneration"/>.</summary>
    public string? PreviousProfile { get; set; }

    /// <summary>The generation that is being built; null if there is none.</summary>
    public int? NextGeneration { get; set; }

    /// <summary>Like <see cref="Profile"/>; undefined without <see cref="NextGeneration"/>.</summary>
    public string? NextProfile { get; set; }

    /// <summary>True if transcripts of <see cref="Generation"/> were copied from one with another speech model. Videos that were indexed
    /// later have transcripts of the profile's own speech model.</summary>
    public bool HasOutdatedTranscripts { get; set; }

    /// <summary>Like <see cref="HasOutdatedTranscripts"/>, of <see cref="PreviousGeneration"/>.</summary>
    public bool PreviousHasOutdatedTranscripts { get; set; }

    /// <summary>Like <see cref="HasOutdatedTranscripts"/>, of <see cref="NextGeneration"/>. False also means that speech is transcribed
    /// again if the speech models differ.</summary>
    public bool NextHasOutdatedTranscripts { get; set; }

    /// <summary>The highest number that a generation of this index has had. Numbers are not used again.</summary>
    public int LastGeneration { get; set; }
}

/// <summary>Marks a video whose rows are complete in a generation that is not the one that searches read.</summary>
public sealed class GenerationVideo
{
    public required string VideoId { get; init; }
    public int Generation { get; init; }
}

internal sealed class SearchTableSetConfiguration : IEntityTypeConfiguration<SearchTableSet>
{
    /// <summary>No foreign key: the row of a deleted index remains until its tables are dropped.</summary>
    public void Configure(EntityTypeBuilder<SearchTableSet> set)
    {
        set.ToTable("search_table_sets");
        set.HasKey(row => row.IndexId);
    }
}

internal sealed class GenerationVideoConfiguration : IEntityTypeConfiguration<GenerationVideo>
{
    public void Configure(EntityTypeBuilder<GenerationVideo> video)
    {
        video.ToTable("generation_videos");
        video.HasKey(row => new { row.VideoId, row.Generation });
        video.HasOne<Video>().WithMany().HasForeignKey(row => row.VideoId).OnDelete(DeleteBehavior.Cascade);
    }
}
