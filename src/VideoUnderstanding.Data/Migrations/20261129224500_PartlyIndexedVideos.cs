using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <summary>Adds when a video that is being indexed became searchable up to its last chunk.</summary>
    public partial class PartlyIndexedVideos : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
            => migrationBuilder.AddColumn<DateTimeOffset>(
                name: "partly_indexed_at", table: "videos", type: "timestamp with time zone", nullable: true);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
            => migrationBuilder.DropColumn(name: "partly_indexed_at", table: "videos");
    }
}
